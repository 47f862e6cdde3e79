import { expect, it } from 'vitest';
import { check } from '../../../../cli/check.ts';
import { createTestContext } from '../../../../cli/test-context.ts';
import { templates } from './templates.ts';

it.each(templates)('the template $name is what the API takes, without a warning', async ({ yaml }) => {
  const context = createTestContext(yaml);
  const exitCode = await check(['--strict', '-'], context);
  expect([context.written(), exitCode]).toEqual(['', 0]);
});
