import { describe, expect, it } from 'vitest';
import { FoghornError, type FoghornErrorCode } from '../../errors.ts';
import { createFakeClock } from '../../fake-clock.ts';
import { buildProgress } from '../builders.ts';
import type { Generator, LaunchOrder } from '../launcher.ts';
import type { JobCluster } from './cluster.ts';
import { jobOf } from './job-object.ts';
import { createJobLauncher } from './launcher.ts';

const { signal } = new AbortController();
const order: LaunchOrder = {
  owner: '0f2c1e58-93b4-4ab5-8c3a-0a6a4d1f5f77',
  run: 1_700_000_000_000,
  index: 3,
  name: 'web-high',
  namespace: 'shop',
  planMs: 90_500,
  url: 'http://web.shop.svc:8000',
  args: ['--json', '--header', 'X-Price: $(HOME) 5$ $$'],
  secrets: ['LOADTEST_SECRET_TOKEN'],
};
const running: Generator = { id: 'shop/g/g-x1', owner: 'o', run: 1, index: 0, state: { kind: 'running' } };

const lost: Generator = { ...running, state: { kind: 'ended', reason: 'its node does not answer' } };

/** A cluster that has nothing and takes everything, but for what the test says; `asked` are its calls. */
function launcherOn(over: Partial<JobCluster>) {
  const asked: string[] = [];
  const cluster: JobCluster = {
    createJob: async () => undefined,
    listJobs: async () => [],
    listPods: async () => [],
    patchJob: async (namespace, name) => void asked.push(`job ${namespace}/${name}`),
    patchPod: async (namespace, name) => void asked.push(`pod ${namespace}/${name}`),
    deleteJob: async () => undefined,
    podLog: async () => undefined,
    close: async () => undefined,
    ...over,
  };
  return { asked, launcher: createJobLauncher({ cluster, image: 'loadgen:1', clock: createFakeClock(0) }) };
}

const failing = (code: FoghornErrorCode) => () => Promise.reject(new FoghornError(code, `it is ${code}`));

describe('the Job of a generator', () => {
  const { metadata, spec } = jobOf(order, 'loadgen:1');
  const written = JSON.stringify(spec);

  it('is found by labels, belongs to its load test, and ends with it', () => {
    expect(metadata).toMatchObject({
      namespace: 'shop',
      labels: { 'foghorn.dev/loadtest-uid': order.owner, 'foghorn.dev/loadtest-index': '3' },
      ownerReferences: [{ kind: 'LoadTest', name: 'web-high', uid: order.owner, controller: true }],
    });
    expect(metadata.name).toMatch(/^[a-z0-9-]{1,63}$/);
  });

  it('runs once, not for ever, and does not stay', () => {
    expect(spec).toMatchObject({ completions: 1, backoffLimit: 0, activeDeadlineSeconds: 691 });
    expect(spec['ttlSecondsAfterFinished']).toBeGreaterThan(0);
  });

  it('may do nothing but send', () => {
    for (const part of [
      '"restartPolicy":"Never"',
      '"automountServiceAccountToken":false',
      '"runAsNonRoot":true',
      '"seccompProfile":{"type":"RuntimeDefault"}',
      '"allowPrivilegeEscalation":false',
      '"readOnlyRootFilesystem":true',
      '"capabilities":{"drop":["ALL"]}',
      '"limits":{"cpu":"1","memory":"512Mi"}',
    ])
      expect(written).toContain(part);
  });

  it('gets its secrets from the namespace of its load test, and its arguments as they are', () => {
    expect(written).toContain('{"secretKeyRef":{"name":"foghorn-loadtest","key":"LOADTEST_SECRET_TOKEN"}}');
    expect(written).toContain('X-Price: $$(HOME) 5$$ $$$$');
  });

  it('is made for a test with a name that is too long for a label', () => {
    const { labels, ownerReferences } = jobOf({ ...order, name: 'n'.repeat(64) }, 'loadgen:1').metadata;
    expect(labels['foghorn.dev/loadtest']).toBeUndefined();
    expect(ownerReferences[0]?.name).toHaveLength(64);
  });
});

describe('a cluster that refuses', () => {
  it.each<[FoghornErrorCode, boolean]>([
    ['Forbidden', true],
    ['Invalid', true],
    ['NotFound', true],
    ['TooLarge', true],
    ['Unavailable', false],
    ['Conflict', false],
  ])('a launch with %s; for good: %s', async (code, isFinal) => {
    const { launcher } = launcherOn({ createJob: failing(code) });
    const message = expect.stringMatching(/namespace shop: it is/) as string;
    await expect(launcher.launch(order, signal)).rejects.toMatchObject({ isFinal, message });
  });

  it('to tell what runs is away', async () => {
    const { launcher } = launcherOn({ listJobs: failing('Unavailable') });
    const away = ['the cluster: it is Unavailable'];
    expect(await launcher.list('o', signal)).toEqual({ generators: [], away });
  });

  it('to give a log of one that runs is asked again, until its node is known to be lost', async () => {
    const { launcher } = launcherOn({ podLog: failing('Unavailable') });
    await expect(launcher.read(running, signal)).rejects.toMatchObject({ code: 'Unavailable' });
    const complaint = 'its output cannot be read: it is Unavailable';
    expect(await launcher.read(lost, signal)).toEqual({ complaint });
  });

  it('to give a log for want of a right says so', async () => {
    const { launcher } = launcherOn({ podLog: failing('Forbidden') });
    expect(await launcher.read(running, signal)).toEqual({ complaint: 'its output cannot be read: it is Forbidden' });
  });

  it('to give a log any more leaves what was said last', async () => {
    const progress = buildProgress();
    const logs = [async () => `${JSON.stringify(progress)}\n`, failing('Unavailable'), failing('NotFound')];
    const { launcher } = launcherOn({ podLog: async () => logs.shift()?.() });
    expect(await launcher.read(running, signal)).toMatchObject({ progress, complaint: '' });
    for (const one of [running, lost]) {
      const complaint = expect.stringContaining('cannot be read') as string;
      expect(await launcher.read(one, signal)).toMatchObject({ progress, complaint });
    }
    expect(await launcher.read(lost, signal)).toMatchObject({ progress });
    await launcher.remove(lost, signal);
    expect(await launcher.read(lost, signal)).toEqual({ complaint: '' });
  });
});

describe('what a generator says', () => {
  it('is taken from both of its streams in one', async () => {
    const log = 'ngth": 5}\nError: no such option\n    at parse (cli.ts:1:1)\n{"type":"other"}\n';
    const { launcher } = launcherOn({ podLog: async () => log });
    expect(await launcher.read(running, signal)).toMatchObject({ complaint: 'Error: no such option' });
  });

  it('is asked for within bounds, of one that has ended up to a whole report', async () => {
    const asked: unknown[] = [];
    const { launcher } = launcherOn({ podLog: async (_namespace, _name, range) => void asked.push(range) });
    await launcher.read(running, signal);
    await launcher.read({ ...running, state: { kind: 'ended', reason: '' } }, signal);
    expect(asked).toEqual([
      { tailLines: 20, limitBytes: 524_288 },
      { tailLines: 520, limitBytes: 9_437_184 },
    ]);
  });
});

describe('a generator that is to end', () => {
  it.each<[string, Generator, boolean, readonly string[]]>([
    ['runs: its pod, which keeps its log', running, false, ['pod shop/g-x1']],
    ['runs, by force: its Job', running, true, ['job shop/g']],
    ['has no pod: its Job', { ...running, id: 'shop/g', state: { kind: 'starting' } }, false, ['job shop/g']],
    ['waits for its image: its Job', { ...running, state: { kind: 'starting' } }, false, ['job shop/g']],
    ['has ended: nothing', { ...running, state: { kind: 'ended', reason: '' } }, true, []],
  ])('and %s', async (_name, generator, force, calls) => {
    const { asked, launcher } = launcherOn({});
    await launcher.stop(generator, force, signal);
    expect(asked).toEqual(calls);
  });
});
