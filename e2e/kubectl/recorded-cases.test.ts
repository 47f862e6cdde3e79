import { readdirSync } from 'node:fs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { requireKubectl, skipUnless } from '../requirements.ts';
import { readReasons, recordings, runRecordedCases, type CasesRun } from './served-cases.ts';

const CASES_TIMEOUT_MS = 900_000;
const onPurpose = readReasons('differences.json');
const unstable = readReasons('unstable.json');
const recorded = readdirSync(recordings)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.replace(/\.json$/, ''));

let run: CasesRun;

beforeAll(async () => {
  if (!requireKubectl().skip) run = await runRecordedCases('kubectl');
}, CASES_TIMEOUT_MS);

beforeEach((context) => skipUnless(context, requireKubectl()));

/** kubectl and plain HTTP against our API, held against recordings of a kube-apiserver. */
describe('the recorded cases', () => {
  it('are all run', () => {
    expect(run.names.toSorted()).toEqual(recorded.toSorted());
  });

  it.each(recorded.filter((name) => !onPurpose.has(name) && !unstable.has(name)))('%s is as recorded', (name) => {
    expect(run.differences.get(name)).toBeUndefined();
  });

  it.each([...onPurpose])('%s differs on purpose: %s', (name) => {
    expect(run.differences.get(name)).toBeDefined();
  });
});
