import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { crdDigest, crdFiles, verdictsPath, type CrdVerdicts } from './crd-verdicts.ts';

const verdicts = JSON.parse(readFileSync(verdictsPath, 'utf8')) as CrdVerdicts;

it('keeps a verdict on every definition', () => {
  expect(Object.keys(verdicts.definitions).toSorted()).toEqual(crdFiles.toSorted());
});

it.each(crdFiles)('%s is as a real API server has accepted it', (file) => {
  const verdict = verdicts.definitions[file];
  expect(verdict?.conditions).toEqual(['Established=True', 'NamesAccepted=True']);
  expect(crdDigest(file), 'it changed: have a real server judge it with scripts/crd-verdicts.ts').toBe(verdict?.sha256);
});
