import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { generateTypes, outputPath } from './generate-types.ts';

it('finds the committed types equal to what the CRDs give', async () => {
  const committed = await readFile(outputPath, 'utf8');
  expect(committed, 'crds/ changed: run "npm run generate"').toBe(await generateTypes());
});
