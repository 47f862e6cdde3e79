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
  parallelism: 4,
  name: 'web-high',
  namespace: 'shop',
  planMs: 90_500,
  url: 'http://web.shop.svc:8000',
  args: ['--json', '--header', 'X-Price: $(HOME) 5$ $$'],
  secrets: ['LOADTEST_SECRET_TOKEN'],
};
const running: Generator = { id: 'shop/g/0/g-0-x1', owner: 'o', run: 1, index: 0, state: { kind: 'running' } };

const without: Generator = { ...running, id: 'shop/g/0', state: { kind: 'starting' } };
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

describe('the Job of a run', () => {
  const { metadata, spec } = jobOf(order, 'loadgen:1');
  const written = JSON.stringify(spec);

  it('is found by labels, belongs to its load test, and ends with it', () => {
    expect(metadata).toMatchObject({
      namespace: 'shop',
      labels: { 'foghorn.dev/loadtest-uid': order.owner, 'foghorn.dev/loadtest-run': String(order.run) },
      ownerReferences: [{ kind: 'LoadTest', name: 'web-high', uid: order.owner, controller: true }],
    });
    expect(metadata.name).toMatch(/^[a-z0-9-]{1,63}$/);
  });

  it('runs once, not for ever, and does not stay', () => {
    expect(spec).toMatchObject({ backoffLimitPerIndex: 0, activeDeadlineSeconds: 691 });
    expect(spec).not.toHaveProperty('backoffLimit');
    expect(spec['ttlSecondsAfterFinished']).toBeGreaterThan(0);
  });

  it('has a pod for each generator, which takes its share by its index', () => {
    expect(spec).toMatchObject({ completionMode: 'Indexed', completions: 4, parallelism: 4 });
    expect(written).toContain('"--share","$(JOB_COMPLETION_INDEX)/4"');
    expect(jobOf({ ...order, index: 0 }, 'loadgen:1')).toEqual(jobOf(order, 'loadgen:1'));
    const alone = jobOf({ ...order, parallelism: 1 }, 'loadgen:1').spec;
    expect(alone).toMatchObject({ completionMode: 'Indexed', completions: 1 });
    expect(JSON.stringify(alone)).not.toContain('--share');
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
    ['runs: its pod, which keeps its log', running, false, ['pod shop/g-0-x1']],
    ['runs, by force: its Job', running, true, ['job shop/g']],
    ['waits for its image: its pod', { ...running, state: { kind: 'starting' } }, false, ['pod shop/g-0-x1']],
    ['has no pod: nothing yet, for its Job is that of the others', without, false, []],
    ['has no pod, by force: its Job', without, true, ['job shop/g']],
    ['has ended: nothing', { ...running, state: { kind: 'ended', reason: '' } }, true, []],
  ])('and %s', async (_name, generator, force, calls) => {
    const { asked, launcher } = launcherOn({});
    await launcher.stop(generator, force, signal);
    expect(asked).toEqual(calls);
  });
});

describe('the generators of a Job', () => {
  const labels = { 'foghorn.dev/loadtest-uid': 'o', 'foghorn.dev/loadtest-run': '7' };
  const job = {
    metadata: { name: 'g', namespace: 'shop', labels },
    spec: { completions: 3 },
    status: { failedIndexes: '2' },
  };
  it('are told by their indexes, each by the newest of its pods', async () => {
    const pods = [
      podOf(1, 'g-1-new', 'Running', '2026-11-22T17:00:01Z'),
      podOf(1, 'g-1-old', 'Failed', '2026-11-22T17:00:00Z'),
      podOf(9, 'g-9-x', 'Running', '2026-11-22T17:00:00Z'),
    ];
    const { launcher } = launcherOn({ listJobs: async () => [job], listPods: async () => pods });
    const { generators } = await launcher.list('o', signal);
    expect(generators.map(({ id, index, state }) => [id, index, state.kind])).toEqual([
      ['shop/g/0', 0, 'starting'],
      ['shop/g/1/g-1-new', 1, 'running'],
      ['shop/g/2', 2, 'ended'],
    ]);
  });

  it('are removed and ended by force with one call', async () => {
    const asked: string[] = [];
    const deleteJob = async (namespace: string, name: string): Promise<void> => void asked.push(`${namespace}/${name}`);
    const { asked: patched, launcher } = launcherOn({ deleteJob });
    const all = [running, { ...running, id: 'shop/g/1', index: 1 }];
    await Promise.all(all.map((one) => launcher.stop(one, true, signal)));
    await Promise.all(all.map((one) => launcher.remove(one, signal)));
    expect([patched, asked]).toEqual([['job shop/g'], ['shop/g']]);
    await launcher.remove(running, signal);
    expect(asked).toHaveLength(2);
  });
});

function podOf(index: number, name: string, phase: string, createdAt: string): object {
  return {
    metadata: {
      name,
      creationTimestamp: createdAt,
      ownerReferences: [{ kind: 'Job', name: 'g' }],
      annotations: { 'batch.kubernetes.io/job-completion-index': String(index) },
    },
    status: { phase, containerStatuses: [{ state: { running: {} } }] },
  };
}
