import { describe, expect, it } from 'vitest';
import { recordedEngines, recordedInspect, recordedJson, recordedState, type RecordedEngine } from '../recorded.ts';
import { countCpus, decodeInspect } from './inspect.ts';
import { object } from '../../json.ts';

describe.each(recordedEngines)('inspect of engine %s', (engine) => {
  it.each([
    ['busy-limited', { state: 'running', health: 'none', allowance: { cpuCores: 0.5, memoryBytes: 64 * 2 ** 20 } }],
    ['nolimit', { state: 'running', allowance: { cpuCores: undefined, memoryBytes: undefined }, name: 'rec-nolimit' }],
    ['cpu-quota', { state: 'running', allowance: { cpuCores: 0.5, memoryBytes: 32 * 2 ** 20 } }],
    ['cpuset', { state: 'running', allowance: { cpuCores: 1, memoryBytes: undefined } }],
    ['net-none', { network: 'none' }],
    ['net-host', { network: 'none' }],
    ['net-container', { network: 'shared' }],
    ['net-two', { network: 'own' }],
    ['paused', { state: 'paused', exitCode: undefined }],
    ['created', { state: 'created', startedAt: undefined, finishedAt: undefined, pid: 0 }],
    ['exit0', { state: 'exited', exitCode: 0, pid: 0 }],
    ['exit1', { state: 'exited', exitCode: 1 }],
    ['killed', { state: 'exited', exitCode: 137, oomKilled: false }],
    ['cmd-not-found', { state: 'created', exitCode: 127, startedAt: undefined }],
    ['onfailure-spent', { state: 'exited', exitCode: 3, restartCount: 2 }],
    ['oom', { state: 'exited', exitCode: 137, oomKilled: true }],
    ['healthy', { state: 'running', health: 'healthy' }],
    ['unhealthy', { state: 'running', health: 'unhealthy' }],
    ['unhealthy-stopped', { state: 'exited', health: 'none' }],
    ['image-retagged', { state: 'running' }],
  ])('of %s', (state, expected) => {
    expect(recordedState(engine, state)).toMatchObject(expected);
  });

  it('gives the image as it was named at creation, even when the tag has moved on', () => {
    expect(recordedState(engine, 'image-retagged').image).not.toMatch(/^sha256:/);
  });

  it('keeps nothing of the environment', () => {
    const body = { ...object(recordedJson(engine, 'states/exit0/inspect.json')) };
    const secret = { ...object(body['Config']), Env: ['PASSWORD=hunter2'] };
    const facts = decodeInspect({ ...body, Config: secret });
    expect(JSON.stringify(facts)).not.toContain('hunter2');
    expect(facts?.fingerprint.whole).not.toBe(recordedState(engine, 'exit0').fingerprint.whole);
  });

  it('has one fingerprint over all replicas and restarts of a Compose service', () => {
    const all = [
      wholeOf(engine, 'web', '4-scale-web-3', 1),
      wholeOf(engine, 'web', '4-scale-web-3', 2),
      wholeOf(engine, 'web', '4-scale-web-3', 3),
      wholeOf(engine, 'web', '5-restart-web', 1),
    ];
    expect(new Set(all).size).toBe(1);
  });

  it('has another fingerprint after Compose recreated with other environment', () => {
    expect(wholeOf(engine, 'db', '2-web-new-image-tag', 1)).toBe(wholeOf(engine, 'db', '1-up', 1));
    expect(wholeOf(engine, 'db', '3-db-changed-env', 1)).not.toBe(wholeOf(engine, 'db', '1-up', 1));
  });
});

describe('inspect', () => {
  it.each([undefined, null, [], {}, { Id: 'x' }, { Id: 'x', Name: '/y' }, { message: 'No such container' }])(
    'is refused when it is none: %j',
    (body) => {
      expect(decodeInspect(body)).toBeUndefined();
    },
  );

  it.each([
    ['', 0],
    ['0', 1],
    ['0-3', 4],
    ['0-2,7,9-10', 6],
    ['3-1', 0],
    ['x', 0],
  ])('counts the CPUs of the set "%s" as %i', (set, count) => {
    expect(countCpus(set)).toBe(count);
  });

  it('takes the least of several CPU limits', () => {
    const hostConfig = { NanoCpus: 1.5e9, CpusetCpus: '0-3', CpuQuota: 0 };
    expect(decodeInspect({ Id: 'x', Name: '/y', State: {}, HostConfig: hostConfig })?.allowance.cpuCores).toBe(1.5);
  });

  it('bounds hostile sizes', () => {
    const labels = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`label-${n}`, 'x'.repeat(2000)]));
    const facts = decodeInspect({ Id: 'x', Name: `/${'n'.repeat(1e6)}`, State: {}, Config: { Labels: labels } });
    expect(JSON.stringify(facts).length).toBeLessThan(400_000);
  });
});

function wholeOf(engine: RecordedEngine, service: string, step: string, number: number): string {
  const file = `compose/${step}/inspect-rec-shop-${service}-${number}.json`;
  return recordedInspect(engine, file).fingerprint.whole;
}
