import { join } from 'node:path';
import { expect, it } from 'vitest';
import { check } from './check.ts';
import { createTestContext } from './test-context.ts';

const manifests = join(import.meta.dirname, '../../../manifests');

it.each(['policies', 'silences', 'loadtests'])(
  'the samples of manifests/%s pass, without a warning',
  async (folder) => {
    const context = createTestContext();
    expect([await check(['--strict', join(manifests, folder)], context), context.written()]).toEqual([0, '']);
  },
);
