import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEmbeddedClient } from '../apiserver/embedded-client.ts';
import { openTestApi, type TestApi } from '../apiserver/test-api.ts';
import type { FakeClock } from '../fake-clock.ts';
import { loadTests, type KubeObject, type ResourceClient } from '../kube/client.ts';
import { createSilentLog } from '../log.ts';
import { createLoadBoard } from '../loadtest/board.ts';
import { buildGenerator, buildProgress, buildReport } from '../loadtest/builders.ts';
import { createFakeLauncher, type FakeLauncher } from '../loadtest/fake-launcher.ts';
import { argumentsOf, LaunchError } from '../loadtest/launcher.ts';
import { createLoadRunner } from '../loadtest/runner.ts';
import { buildTarget } from '../model/builders.ts';
import type { LoadAlert } from '../model/load-test.ts';
import type { LoadTestStatus } from '../model/resources.generated.ts';
import { compileThresholds } from '../evaluate/threshold.ts';
import { createLoadTestReconciler, FINALIZER } from './load-test.ts';
import { loadTestFromObject } from './load-test-from-object.ts';
import { validateLoadTest } from './load-test-validate.ts';

const { signal } = new AbortController();
const spec = { target: { url: 'http://webapp:8000' }, level: 'low', duration: '10s' };

const PEM = '-----BEGIN CERTIFICATE-----';
const SECRET = 'LOADTEST_SECRET_TOKEN';

function words({ conditions = [] }: LoadTestStatus): readonly string[] {
  return conditions.map(({ type, status: is, reason }) => `${type}=${is} ${reason}`).sort();
}

describe('a LoadTest', () => {
  let opened: TestApi;
  let client: ResourceClient;
  let clock: FakeClock;
  let launcher: FakeLauncher;
  let alerts: LoadAlert[];
  let events: string[];
  let woken: string[];
  let board: ReturnType<typeof createLoadBoard>;
  let reconcile: ReturnType<typeof createLoadTestReconciler>;

  beforeEach(async () => {
    opened = await openTestApi();
    clock = opened.clock;
    client = createEmbeddedClient({ api: opened.api, fieldManager: 'test' });
    launcher = createFakeLauncher();
    alerts = [];
    events = [];
    woken = [];
    restart();
  });

  /** A controller that comes up anew: all that it knows is in objects and generators. */
  function restart(): void {
    board = createLoadBoard();
    const runner = createLoadRunner({
      launcher,
      allowed: ['known'],
      compileThresholds: ({ thresholds }) => compileThresholds(thresholds),
      board,
      clock,
      log: createSilentLog(),
      targets: () => [buildTarget({ id: 'local/webapp', name: 'webapp' })],
      readSamples: async ({ metric }) => [
        { at: 0, mean: metric === 'restarts' ? 0 : 40, max: metric === 'restarts' ? 0 : 90 },
      ],
      alertsBetween: () => alerts,
      wake: (id) => woken.push(id),
    });
    const recorder = {
      record: (_object: KubeObject, type: string, reason: string) => void events.push(`${type} ${reason}`),
    };
    reconcile = createLoadTestReconciler({ client, runner, recorder, clock, knownUids: () => new Set() });
  }

  const create = (name = 'web', change: object = {}, metadata: object = {}): Promise<KubeObject> =>
    client.create(loadTests, {
      apiVersion: 'foghorn.dev/v1alpha1',
      kind: 'LoadTest',
      metadata: { name, namespace: 'default', ...metadata },
      spec: { ...spec, ...change },
    });
  const names = async (): Promise<readonly string[]> =>
    (await client.list(loadTests)).items.map(({ metadata }) => metadata.name).filter((name) => name !== 'nightly');
  const read = async (name = 'web'): Promise<KubeObject | undefined> => client.get(loadTests, 'default', name);
  const status = async (name = 'web'): Promise<LoadTestStatus> => (await read(name))?.status as LoadTestStatus;
  const pass = (name = 'web') => reconcile(`default/${name}`, signal);
  /** Passes until the reason of Ready is this one. */
  async function until(reason: string, name = 'web'): Promise<LoadTestStatus> {
    for (let count = 0; count < 100; count += 1) {
      const { requeueAfterMs = 0 } = await pass(name);
      const seen = await status(name);
      if (seen?.conditions?.some((one) => one.type === 'Ready' && one.reason === reason) === true) return seen;
      await clock.advance(requeueAfterMs);
    }
    throw new Error(`never ${reason}: ${JSON.stringify(await status(name))}`);
  }
  const say = (output: Parameters<FakeLauncher['set']>[1]): void => {
    for (const id of launcher.ids()) launcher.set(id, output);
  };
  const complete = (report = buildReport()): void =>
    say({ state: { kind: 'ended', code: 0, reason: 'exit code 0' }, output: { report } });

  it('runs, shows itself while it runs, succeeds, and leaves nothing behind', async () => {
    await create('web', {
      thresholds: [
        { name: 'errors', expr: 'errorRate < 0.01' },
        { name: 'cpu', expr: "impact['webapp'].cpu.max < 95" },
      ],
    });
    const running = await until('Running');
    expect(words(running)).toEqual([
      'Complete=False Running',
      'Ready=Unknown Running',
      'Reconciling=True Running',
      'Succeeded=Unknown Running',
    ]);
    expect(running).toMatchObject({
      progress: '10% of 10s',
      generators: { desired: 1, running: 1 },
      summary: { requests: 5, latency: { p95: 0.03 } },
    });
    expect(board.on('local/webapp')).toEqual({ name: 'web', rate: 5 });
    expect(woken).toContain('local/webapp');
    complete();
    const done = await until('ThresholdsPassed');
    expect(words(done)).toEqual([
      'Complete=True ThresholdsPassed',
      'Ready=True ThresholdsPassed',
      'Succeeded=True ThresholdsPassed',
    ]);
    expect(done).toMatchObject({
      progress: '100% of 10s',
      summary: { requests: 50 },
      thresholds: [
        { name: 'errors', passed: true, observed: 'errorRate = 0' },
        { name: 'cpu', passed: true },
      ],
      impact: [{ container: 'webapp', cpu: { avg: 40, max: 90 }, restarts: 0 }],
    });
    await pass();
    await pass();
    expect(launcher.ids()).toEqual([]);
    expect(await status()).toEqual(done);
    expect(board.on('local/webapp')).toBeUndefined();
    expect(events).toEqual(['Normal Running', 'Normal ThresholdsPassed']);
  });

  it.each(['Pending', 'WaitingForGenerators', 'Running'])(
    'goes on where it was after a restart in %s',
    async (reason) => {
      await create();
      await until(reason);
      restart();
      await until('Running');
      complete();
      expect(words(await until('ThresholdsPassed'))).toContain('Succeeded=True ThresholdsPassed');
      expect(launcher.orders).toHaveLength(1);
    },
  );

  it('aborts on an alert, and reads the report of the part that ran', async () => {
    await create('web', { thresholds: [{ name: 'calm', expr: 'alerts.size() == 0', abortOnFail: true }] });
    await until('Running');
    alerts.push({ name: 'cpu-web', rule: 'cpu', severity: 'critical', container: 'webapp' });
    const stopping = await until('AbortedOnAlert');
    expect(words(stopping)).toContain('Complete=False AbortedOnAlert');
    await clock.advance(2000);
    for (let count = 0; count < 6; count += 1) await pass();
    const done = await status();
    expect(words(done)).toContain('Succeeded=False AbortedOnAlert');
    expect(done).toMatchObject({
      summary: { requests: 50 },
      alerts: [{ name: 'cpu-web', rule: 'cpu', severity: 'critical' }],
    });
    expect(launcher.ids()).toEqual([]);
  });

  it('fails truly when its generator dies', async () => {
    await create();
    await until('Running');
    say({ state: { kind: 'ended', code: 137, reason: 'exit code 137' } });
    await until('GeneratorFailed');
    for (let count = 0; count < 4; count += 1) await pass();
    const done = await status();
    expect(words(done)).toEqual([
      'Complete=True GeneratorFailed',
      'Ready=False GeneratorFailed',
      'Stalled=True GeneratorFailed',
      'Succeeded=False GeneratorFailed',
    ]);
    expect(done).toMatchObject({
      generators: { failed: 1 },
      progress: 'ended after 1s of 10s',
      summary: { requests: 5 },
    });
  });

  it('refuses strangers, after some time for good', async () => {
    await create('web', { target: { url: 'http://example.com' } });
    expect(words(await until('TargetNotAllowed'))).toContain('Complete=False TargetNotAllowed');
    await clock.advance(61_000);
    await pass();
    expect(words(await status())).toContain('Complete=True TargetNotAllowed');
    expect(launcher.orders).toEqual([]);
  });

  it.each([
    [{ thresholds: [{ name: 'p', expr: 'latency.p96 < 1' }] }, 'spec.thresholds[0].expr line 1, column 9'],
    [{ schedule: '61 * * * *' }, 'spec.schedule '],
  ])('is not begun when a cluster, which knows the schema only, has let %j in', async (change, message) => {
    await create('web', change);
    await pass();
    const ready = { type: 'Ready', status: 'False', reason: 'InvalidSpec', message: expect.stringContaining(message) };
    expect(await status()).toMatchObject({ conditions: expect.arrayContaining([expect.objectContaining(ready)]) });
    expect(launcher.orders).toEqual([]);
    await client.delete(loadTests, 'default', 'web');
    await pass();
    expect(await read()).toBeUndefined();
  });

  it('says why its generators could not be started', async () => {
    launcher.launch = () => Promise.reject(new LaunchError('no space left on device', false));
    await create();
    expect(await until('GeneratorFailed')).toMatchObject({
      conditions: expect.arrayContaining([
        expect.objectContaining({
          message: '1 of 1 generators could not be started in time: no space left on device',
        }),
      ]),
    });
  });

  it('keeps what a generator had said that somebody removes', async () => {
    await create('web', { thresholds: [{ name: 'errors', expr: 'errorRate < 0.01' }] });
    await until('Running');
    const [id = ''] = launcher.ids();
    await launcher.remove(buildGenerator(0, 'running', { id }), signal);
    expect(await until('GeneratorFailed')).toMatchObject({
      progress: 'ended at 10% of 10s',
      summary: { requests: 5, latency: { p95: 0.03 } },
      thresholds: [{ name: 'errors', passed: true }],
    });
    await pass();
    expect(await status()).toMatchObject({ progress: 'ended at 10% of 10s', summary: { requests: 5 } });
  });

  it('keeps what a generator had said while its engine is away', async () => {
    await create();
    const running = await until('Running');
    launcher.setAway('the engine does not answer');
    await clock.advance(2000);
    await pass();
    expect(await status()).toMatchObject({ progress: running.progress, summary: running.summary });
  });

  it('keeps a deleted object until its generators are gone', async () => {
    await create();
    await until('Running');
    expect((await read())?.metadata.finalizers).toEqual([FINALIZER]);
    await client.delete(loadTests, 'default', 'web');
    launcher.setAway('the engine is away');
    await pass();
    expect(await read()).toBeDefined();
    launcher.setAway(undefined);
    await pass();
    expect(launcher.ids()).toEqual([]);
    await pass();
    expect(await read()).toBeUndefined();
  });

  it('ends what a test left that lost its object, as soon as the engine is back', async () => {
    await create();
    await until('Running');
    const object = await read();
    if (object === undefined) throw new Error('it is gone');
    await client.update(loadTests, { ...object, metadata: { ...object.metadata, finalizers: [] } });
    await client.delete(loadTests, 'default', 'web');
    launcher.setAway('the engine is away');
    expect(await pass()).toEqual({ requeueAfterMs: 60_000 });
    launcher.setAway(undefined);
    expect(await pass()).toEqual({});
    expect(launcher.ids()).toEqual([]);
  });

  it('suspends and starts anew', async () => {
    const made = await create();
    await until('Running');
    const present = await read();
    await client.update(loadTests, { ...(present ?? made), spec: { ...(present?.spec as object), suspend: true } });
    const held = await until('Suspended');
    expect(held.startTime).toBeUndefined();
    expect(launcher.ids()).toEqual([]);
    const again = await read();
    await client.update(loadTests, { ...(again ?? made), spec: { ...(again?.spec as object), suspend: false } });
    await until('Running');
    expect(launcher.orders).toHaveLength(2);
  });

  it('runs again when asked, with another run of its own', async () => {
    await create();
    await until('Running');
    complete();
    await until('ThresholdsPassed');
    await clock.advance(1000);
    const object = await read();
    if (object === undefined) throw new Error('it is gone');
    const annotations = { 'foghorn.dev/rerun-requested-at': 'today' };
    await client.update(loadTests, { ...object, metadata: { ...object.metadata, annotations } });
    const running = await until('Running');
    expect(running).toMatchObject({ lastHandledRerun: 'today' });
    expect(running.completionTime).toBeUndefined();
    expect(new Set(launcher.orders.map(({ run }) => run)).size).toBe(2);
    complete();
    await until('ThresholdsPassed');
    await pass();
    await pass();
    expect(launcher.orders).toHaveLength(2);
  });

  it('goes after its time, but not one that a folder keeps', async () => {
    await create('web', { ttlSecondsAfterFinished: 60 });
    await create('kept', { ttlSecondsAfterFinished: 60 }, { labels: { 'foghorn.dev/source': 'policy-folder' } });
    for (const name of ['web', 'kept']) {
      await until('Running', name);
      complete();
      await until('ThresholdsPassed', name);
      await pass(name);
    }
    await clock.advance(61_000);
    for (let count = 0; count < 3; count += 1) for (const name of ['web', 'kept']) await pass(name);
    expect(await read('web')).toBeUndefined();
    expect(await read('kept')).toBeDefined();
  });

  it('cannot be changed once it has started, apart from suspend', async () => {
    await create();
    await until('Running');
    const object = await read();
    if (object === undefined) throw new Error('it is gone');
    await expect(client.update(loadTests, { ...object, spec: { ...spec, level: 'high' } })).rejects.toThrow(
      /level cannot change/,
    );
  });

  it('writes live figures at most every two seconds', async () => {
    await create();
    await until('Running');
    const first = (await read())?.metadata.resourceVersion;
    say({ output: { progress: buildProgress({ requests: 10 }) } });
    const { requeueAfterMs } = await pass();
    expect([(await read())?.metadata.resourceVersion, requeueAfterMs]).toEqual([first, 2000]);
    await clock.advance(2000);
    await pass();
    expect(await status()).toMatchObject({ summary: { requests: 10 } });
  });

  it('divides its load among several generators', async () => {
    await create('web', { parallelism: 2, level: 'high' });
    await until('Running');
    const given = launcher.orders.map((order) => argumentsOf(order, 'http://web').join(' '));
    expect(given.map((args) => /--share \S+/.exec(args)?.[0])).toEqual(['--share 0/2', '--share 1/2']);
    for (const args of given) expect(args).toContain('10000ms:50:constant');
    complete();
    expect(await until('ThresholdsPassed')).toMatchObject({ summary: { requests: 100 }, generators: { desired: 2 } });
  });

  it('runs by its schedule, one at a time, and keeps a few', async () => {
    await create('nightly', { schedule: '0 3 * * *', successfulRunsHistoryLimit: 1 });
    await pass('nightly');
    expect(await status('nightly')).toMatchObject({ conditions: [{ type: 'Ready', reason: 'Scheduled' }] });
    expect(events).toEqual(['Normal Scheduled']);
    for (let day = 0; day < 3; day += 1) {
      await clock.advance(24 * 3_600_000 - (clock.now() % (24 * 3_600_000)) + 3 * 3_600_000 + 100);
      await pass('nightly');
      await pass('nightly');
      const name = (await names()).at(-1) ?? '';
      await until('Running', name);
      complete();
      await until('ThresholdsPassed', name);
      await pass('nightly');
    }
    for (let count = 0; count < 3; count += 1) for (const name of await names()) await pass(name);
    expect(await names()).toHaveLength(1);
    expect(launcher.orders).toHaveLength(3);
    expect(events.filter((event) => event === 'Normal RunStarted')).toHaveLength(3);
  });

  it('leaves a run out while the one before goes on', async () => {
    await create('often', { schedule: '* * * * *' });
    await clock.advance(60_000);
    await pass('often');
    await clock.advance(60_000);
    await pass('often');
    expect((await client.list(loadTests)).items).toHaveLength(2);
    expect(events).toContain('Warning RunLeftOut');
  });
});

describe('admission of a LoadTest', () => {
  let client: ResourceClient;

  beforeAll(async () => {
    const { api } = await openTestApi({ LoadTest: validateLoadTest });
    client = createEmbeddedClient({ api, fieldManager: 'test' });
  });

  it.each([
    [{ thresholds: [{ name: 'p', expr: 'latency.p96 < 1' }] }, 'spec.thresholds[0].expr'],
    [{ schedule: '61 * * * *' }, 'spec.schedule'],
    [{ schedule: '0 3 * * *', timeZone: 'Mars/Olympus' }, 'spec.schedule'],
    [{ target: { url: 'http://user:secret@webapp' } }, 'spec.target.url'],
    [{ target: { url: 'http://webapp', timeout: '2m' } }, 'spec.target.timeout'],
    [{ target: { url: 'http://webapp', timeout: '9ms' } }, 'spec.target.timeout'],
    [{ target: { url: 'http://webapp', headers: { Connection: 'close' } } }, 'spec.target.headers.Connection'],
    [{ endpoints: [{ path: '/a', body: 'x' }] }, 'spec.endpoints[0].body'],
    [{ endpoints: [{ path: '/' }, { path: '/{{env HOME}}' }] }, 'spec.endpoints[1].path'],
    [{ endpoints: [{ path: '/', method: 'POST', body: '{{line /etc/passwd}}' }] }, 'spec.endpoints[0].body'],
    [{ endpoints: [{ path: '/', headers: { 'X-A': '{{nothing}}' } }] }, 'spec.endpoints[0].headers.X-A'],
    [{ endpoints: [{ path: '/', headers: { 'X-A': 'a\r\nX-Evil: 1' } }] }, 'spec.endpoints[0].headers'],
    [{ endpoints: [{ path: '/', headers: { 'X A': 'a' } }] }, 'spec.endpoints[0].headers'],
    [{ endpoints: [{ path: '/', method: 'PUT', body: '\u0001'.repeat(30_000) }] }, 'spec.endpoints[0]'],
    [{ target: { url: 'http://webapp', headers: { 'X-A': 'ä' } } }, 'spec.target.headers.X-A'],
    [{ target: { url: 'http://webapp', tls: { insecureSkipVerify: true } } }, 'spec.target.tls'],
    [{ target: { url: 'https://webapp', tls: { ca: '/etc/ssl/ca.pem' } } }, 'spec.target.tls.ca'],
    [{ target: { url: 'https://webapp', tls: { insecureSkipVerify: true, ca: PEM } } }, 'spec.target.tls'],
    [{ target: { url: 'http://webapp', bearerEnv: 'SMTP_PASSWORD' } }, 'spec.target.bearerEnv'],
    [{ target: { url: 'http://webapp', bearerEnv: SECRET, basicAuthEnv: SECRET } }, 'spec.target'],
    [{ target: { url: 'http://webapp', bearerEnv: SECRET, headers: { Authorization: 'a' } } }, 'spec.target'],
    [{ endpoints: [{ path: '/a b' }] }, 'spec.endpoints[0].path'],
    [{ level: undefined, duration: undefined, stages: [{ duration: '1s', rate: 0 }] }, 'spec'],
    [
      {
        level: undefined,
        duration: undefined,
        stages: [
          { duration: '20h', rate: 1 },
          { duration: '5h', rate: 1 },
        ],
      },
      'spec.stages',
    ],
    [{ level: undefined, duration: undefined, stages: [{ duration: '1s', rate: 200_000 }] }, 'spec.stages[0].rate'],
  ])('is refused with %j', async (change, field) => {
    const plain: object = JSON.parse(JSON.stringify({ ...spec, ...change }));
    const object = {
      apiVersion: 'foghorn.dev/v1alpha1',
      kind: 'LoadTest',
      metadata: { name: 'bad', namespace: 'default' },
      spec: plain,
    };
    await expect(client.create(loadTests, object)).rejects.toThrow(`${field}: `);
  });

  it('takes all that belongs to a request', async () => {
    const object = {
      apiVersion: 'foghorn.dev/v1alpha1',
      kind: 'LoadTest',
      metadata: { name: 'good', namespace: 'default' },
      spec: {
        ...spec,
        target: { url: 'https://webapp', bearerEnv: SECRET, tls: { ca: PEM, serverName: 'api.test' } },
        endpoints: [
          {
            path: '/orders/{{randomInt 1 100}}',
            method: 'POST',
            headers: { 'X-Id': '{{uuid}}' },
            body: '{"n":{{seq}}}',
          },
        ],
      },
    };
    expect(loadTestFromObject(await client.create(loadTests, object))).toMatchObject({
      test: {
        authorization: { kind: 'bearer', env: SECRET },
        tls: { ca: PEM, serverName: 'api.test', insecureSkipVerify: false },
        endpoints: [{ headers: { 'X-Id': '{{uuid}}' }, body: '{"n":{{seq}}}' }],
      },
    });
  });
});
