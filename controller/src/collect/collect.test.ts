import { describe, expect, it } from 'vitest';
import { createFakeClock, type FakeClock } from '../fake-clock.ts';
import { createSilentLog } from '../log.ts';
import type { Container, LogChunk } from '../model/container.ts';
import type { HostStatus } from '../model/host.ts';
import type { Observation, ProbeResult } from '../model/observation.ts';
import type { ProbeSpec } from '../model/policy.ts';
import type { Target } from '../model/target.ts';
import { createCollector, STOP_DEADLINE_MS, type Collector, type CollectRequest } from './collect.ts';
import { LOOK_DEADLINE_MS, MAX_LOOKS_PER_HOST } from './look.ts';
import { PROBE_CONCURRENCY, PROBE_QUEUE_MS } from './probe-queue.ts';
import type { Prober } from './probes/probe.ts';
import type { Runtime } from './runtime.ts';

function target(id: string): Target {
  const [host = '', name = ''] = id.split('/');
  return { id, instance: 'abc', host, name, namespace: '', labels: {}, image: '', limits: {} };
}

function observation(id: string, at: number): Observation {
  const nothing = { health: 'none', restarts: 0, resources: {}, changes: [], probes: {} } as const;
  return { kind: 'observed', at, target: target(id), state: 'running', ...nothing };
}

function containerOf(id: string): Container {
  return { target: target(id), state: 'running', health: 'none', restarts: 0, oomKilled: false };
}

async function* outputOf(text: string): AsyncGenerator<LogChunk, void> {
  yield { stream: 'stdout', bytes: Buffer.from(text) };
}

interface FakeRuntime extends Runtime {
  /** Ids of each call of `observe`. */
  readonly calls: (readonly string[])[];
  known: string[];
  status: () => HostStatus;
  observe: (ids: readonly string[], now: number) => Promise<readonly Observation[]>;
  change(id: string): void;
  stop: () => Promise<void>;
  starts: number;
}

const statusOf = (host: string, reachable: boolean): HostStatus =>
  reachable
    ? {
        host,
        runtime: 'docker',
        since: 0,
        reachable,
        engineVersion: '',
        apiVersion: '',
        source: 'cgroup',
        cpus: 1,
        memoryBytes: 1,
      }
    : { host, runtime: 'docker', since: 0, reachable, reason: 'NoSocket', message: 'no socket' };

function createFakeRuntime(host: string, names: readonly string[]): FakeRuntime {
  const listeners: ((id: string) => void)[] = [];
  const runtime: FakeRuntime = {
    host,
    calls: [],
    known: names.map((name) => `${host}/${name}`),
    starts: 0,
    start: () => {
      runtime.starts += 1;
    },
    stop: () => Promise.resolve(),
    status: () => statusOf(host, true),
    hosts: () => [runtime.status()],
    targets: () => runtime.known.map(target),
    containers: () => runtime.known.map(containerOf),
    logs: (id) => Promise.resolve(outputOf(`${host} ${id}`)),
    links: async (id) => ({ ports: [], networks: [{ name: `${host} ${id}` }] }),
    observe: (ids, now) => {
      runtime.calls.push(ids);
      return Promise.resolve(ids.map((id) => observation(id, now)));
    },
    onChange: (listener) => void listeners.push(listener),
    change: (id) => {
      for (const listener of listeners) listener(id);
    },
  };
  return runtime;
}

interface FakeProber extends Prober {
  readonly runs: string[];
  run: (spec: ProbeSpec, signal: AbortSignal) => Promise<ProbeResult>;
}

function createFakeProber(): FakeProber {
  const prober: FakeProber = {
    runs: [],
    run: (spec) => {
      prober.runs.push(spec.name);
      return Promise.resolve({ protocol: spec.kind, at: 0, up: true, latencyMs: 5 });
    },
    stop: () => Promise.resolve(),
  };
  return prober;
}

interface Bench {
  readonly collector: Collector;
  readonly clock: FakeClock;
  readonly prober: FakeProber;
}

function createBench(...runtimes: readonly Runtime[]): Bench {
  const clock = createFakeClock(1000);
  const prober = createFakeProber();
  return { collector: createCollector({ runtimes, prober, clock, log: createSilentLog() }), clock, prober };
}

function request(key: string, ids: readonly string[], probeNames: readonly string[] = []): CollectRequest {
  const probes = probeNames.map((name) => ({ kind: 'tcp', name, host: 'db', port: 1, timeoutMs: 1000 }) as const);
  return { policy: { key, probes }, targets: ids.map(target) };
}

/** Whether a promise has settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.finally(() => {
    settled = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

describe('collect', () => {
  it('looks at each target once for all policies, and answers in their order', async () => {
    const [first, second] = [createFakeRuntime('a', ['web', 'db']), createFakeRuntime('b', ['web'])];
    const { collector } = createBench(first, second);
    const results = await collector.collect(
      [request('x', ['b/web', 'a/web']), request('y', ['a/db', 'a/web']), request('z', [])],
      7,
    );
    expect(first.calls).toEqual([['a/web', 'a/db']]);
    expect(second.calls).toEqual([['b/web']]);
    expect(
      results.map(({ policyKey, observations }) => [policyKey, observations.map((seen) => seen.target.id)]),
    ).toEqual([
      ['x', ['b/web', 'a/web']],
      ['y', ['a/db', 'a/web']],
      ['z', []],
    ]);
    expect(results[0]?.observations[0]).toEqual(observation('b/web', 7));
  });

  it('does not ask a host of which nothing is wanted', async () => {
    const [first, second] = [createFakeRuntime('a', ['web']), createFakeRuntime('b', ['web'])];
    await createBench(first, second).collector.collect([request('x', ['a/web'])], 7);
    expect(second.calls).toEqual([]);
  });

  it('runs the probes of each policy once and gives them to each of its observations', async () => {
    const runtime = createFakeRuntime('a', ['web', 'db']);
    const { collector, prober } = createBench(runtime);
    const results = await collector.collect(
      [request('x', ['a/web', 'a/db', 'a/gone'], ['http', 'port']), request('y', ['a/web'], ['http'])],
      7,
    );
    expect(prober.runs.toSorted()).toEqual(['http', 'http', 'port']);
    const probes = results.map(({ observations }) => observations.map((seen) => Object.keys(seen.probes)));
    expect(probes).toEqual([
      [
        ['http', 'port'],
        ['http', 'port'],
        ['http', 'port'],
      ],
      [['http']],
    ]);
  });

  it('takes a probe of any name', async () => {
    const { collector } = createBench(createFakeRuntime('a', ['web']));
    const [result] = await collector.collect([request('x', ['a/web'], ['__proto__'])], 7);
    expect(Object.keys(result?.observations[0]?.probes ?? {})).toEqual(['__proto__']);
  });
});

describe('a target that no host has', () => {
  it('is missing, since the round that first missed it', async () => {
    const runtime = createFakeRuntime('a', []);
    const { collector } = createBench(runtime);
    await collector.collect([request('x', ['a/web'])], 7);
    const [result] = await collector.collect([request('x', ['a/web'])], 9);
    expect(result?.observations).toEqual([
      {
        ...observation('a/web', 9),
        target: { ...target('a/web'), instance: '' },
        state: 'missing',
        stopRequestedAt: 7,
      },
    ]);
    runtime.known = ['a/web'];
    await collector.collect([request('x', ['a/web'])], 11);
    runtime.known = [];
    const [again] = await collector.collect([request('x', ['a/web'])], 13);
    expect(again?.observations[0]).toMatchObject({ state: 'missing', stopRequestedAt: 13 });
  });

  it('is unreachable while one of the hosts cannot be asked', async () => {
    const [first, second] = [createFakeRuntime('a', []), createFakeRuntime('b', [])];
    second.status = () => statusOf('b', false);
    const [result] = await createBench(first, second).collector.collect([request('x', ['a/web'], ['http'])], 7);
    expect(result?.observations).toMatchObject([
      {
        kind: 'unreachable',
        reason: 'HostUnreachable',
        message: 'host b cannot be asked: no socket',
        probes: { http: { up: true } },
      },
    ]);
  });
});

describe('a runtime that breaks its promises', () => {
  it.each<[string, FakeRuntime['observe']]>([
    ['rejects', () => Promise.reject(new Error('boom'))],
    [
      'throws',
      () => {
        throw new Error('boom');
      },
    ],
    ['forgets a target', () => Promise.resolve([])],
  ])('makes its targets unreachable when it %s, and no other', async (_what, observe) => {
    const [first, second] = [createFakeRuntime('a', ['web']), createFakeRuntime('b', ['web'])];
    first.observe = observe;
    const [result] = await createBench(first, second).collector.collect(
      [request('x', ['a/web', 'b/web'], ['http'])],
      7,
    );
    expect(result?.observations).toMatchObject([
      { kind: 'unreachable', at: 7, reason: 'BadAnswer', target: { id: 'a/web' }, probes: { http: { up: true } } },
      { kind: 'observed' },
    ]);
  });

  it('costs a round no more than the deadline when it hangs', async () => {
    const runtime = createFakeRuntime('a', ['web']);
    runtime.observe = () => new Promise(() => undefined);
    const { collector, clock } = createBench(runtime);
    const round = collector.collect([request('x', ['a/web'])], 7);
    await clock.advance(LOOK_DEADLINE_MS - 1);
    expect(await isSettled(round)).toBe(false);
    await clock.advance(1);
    expect((await round)[0]?.observations).toMatchObject([{ kind: 'unreachable', reason: 'Timeout' }]);
  });

  it('is not asked again while too many of its looks hang, and is once they have ended', async () => {
    const runtime = createFakeRuntime('a', ['web']);
    const usual = runtime.observe;
    const hanging: ((seen: readonly Observation[]) => void)[] = [];
    runtime.observe = () => new Promise((resolve) => hanging.push(resolve));
    const { collector, clock } = createBench(runtime);
    const look = (): ReturnType<Collector['collect']> => collector.collect([request('x', ['a/web'])], 7);
    const rounds = Array.from({ length: MAX_LOOKS_PER_HOST }, look);
    expect((await look())[0]?.observations).toMatchObject([{ kind: 'unreachable', reason: 'Timeout' }]);
    expect(hanging).toHaveLength(MAX_LOOKS_PER_HOST);
    await clock.advance(LOOK_DEADLINE_MS);
    await Promise.all(rounds);
    expect((await look())[0]?.observations).toMatchObject([{ kind: 'unreachable' }]);
    runtime.observe = usual;
    hanging[0]?.([]);
    await clock.advance(0);
    expect((await look())[0]?.observations).toMatchObject([{ kind: 'observed' }]);
  });
});

describe('many probes', () => {
  it('run a bounded number at a time; one that gets no turn is told as not run', async () => {
    const { collector, clock, prober } = createBench(createFakeRuntime('a', ['web']));
    const finish: (() => void)[] = [];
    prober.run = (spec) =>
      new Promise((resolve) => {
        finish.push(() => resolve({ protocol: spec.kind, at: 0, up: true }));
      });
    const names = Array.from({ length: PROBE_CONCURRENCY + 2 }, (_unused, index) => `probe-${index}`);
    const round = collector.collect([request('x', ['a/web'], names)], 7);
    await clock.advance(PROBE_QUEUE_MS - 1);
    expect(finish).toHaveLength(PROBE_CONCURRENCY);
    finish[0]?.();
    await clock.advance(1);
    expect(finish).toHaveLength(PROBE_CONCURRENCY + 1);
    for (const end of finish) end();
    const [result] = await round;
    const probes = result?.observations[0]?.probes ?? {};
    expect(Object.keys(probes)).toEqual(names);
    expect(Object.values(probes).filter((probe) => !probe.up)).toMatchObject([
      { protocol: 'tcp', error: { kind: 'network', message: expect.stringContaining('not run') } },
    ]);
  });
});

describe('the collector', () => {
  it('shows the targets and the state of all hosts, starts them, and passes on what they tell', () => {
    const [first, second] = [createFakeRuntime('a', ['web']), createFakeRuntime('b', ['db'])];
    const { collector } = createBench(first, second);
    const told: string[] = [];
    collector.onChange((id) => told.push(id));
    collector.start();
    second.change('b/db');
    expect(told).toEqual(['b/db']);
    expect([first.starts, second.starts]).toEqual([1, 1]);
    expect(collector.targets().map(({ id }) => id)).toEqual(['a/web', 'b/db']);
    expect(collector.hosts().map(({ host }) => host)).toEqual(['a', 'b']);
  });

  it('gives the output of a container from the host that has it', async () => {
    const { collector } = createBench(createFakeRuntime('a', ['web']), createFakeRuntime('b', ['db']));
    const whole = { follow: false, timestamps: false };
    const output = await collector.logs('b/db', whole, new AbortController().signal);
    expect(collector.containers().map((container) => container.target.id)).toEqual(['a/web', 'b/db']);
    for await (const { bytes } of output) expect(Buffer.from(bytes).toString()).toBe('b b/db');
    await expect(collector.logs('c/web', whole, new AbortController().signal)).rejects.toMatchObject({
      code: 'NotFound',
    });
  });

  it('calls running probes off when it stops, and stops once', async () => {
    const runtime = createFakeRuntime('a', ['web']);
    let stops = 0;
    runtime.stop = () => {
      stops += 1;
      return Promise.reject(new Error('boom'));
    };
    const { collector, clock, prober } = createBench(runtime);
    prober.run = (spec, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve({ protocol: spec.kind, at: 0, up: false }));
      });
    const round = collector.collect([request('x', ['a/web'], ['http'])], 7);
    await clock.advance(0);
    await Promise.all([collector.stop(), collector.stop()]);
    expect(stops).toBe(1);
    expect((await round)[0]?.observations[0]?.probes).toMatchObject({ http: { up: false } });
  });

  it('waits no longer than its deadline for a part that does not stop', async () => {
    const runtime = createFakeRuntime('a', []);
    runtime.stop = () => new Promise(() => undefined);
    const { collector, clock } = createBench(runtime);
    const stopped = collector.stop();
    await clock.advance(STOP_DEADLINE_MS - 1);
    expect(await isSettled(stopped)).toBe(false);
    await clock.advance(1);
    await stopped;
  });
});
