import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChangeKind, ContainerObservation, Observation } from '../model/observation.ts';
import type { Target } from '../model/target.ts';
import type { HostRuntime } from './runtime.ts';

/** What the suite needs of an adapter: a host of its own, workloads it can start and end, and time. */
export interface RuntimeHarness {
  /** Not started yet. */
  readonly runtime: HostRuntime;
  /** Put before the name of every workload, where others share the host. */
  readonly prefix?: string | undefined;
  /** The clock the runtime was given. */
  now(): number;
  /** Lets this much time pass for the runtime: moves its fake clock, or waits. */
  pass(ms: number): Promise<void>;
  /** Starts a workload under this name; resolves once it runs. */
  run(name: string): Promise<void>;
  /** Ends it unasked, as a kill of its process from outside. */
  crash(name: string): Promise<void>;
  /** Starts it again after its end. */
  startAgain(name: string): Promise<void>;
  /** Ends it as a person does. */
  stop(name: string): Promise<void>;
  /** Takes it away for good; there is no such thing where targets are a fixed list. */
  readonly remove?: ((name: string) => Promise<void>) | undefined;
  /** Ends everything the harness started. */
  dispose(): Promise<void>;
}

/** How long an adapter may take to notice what happened, and how often the suite looks. */
const NOTICE_MS = 60_000;
const LOOK_EVERY_MS = 100;
/** Long enough a window for rates on every adapter. */
const RATE_WINDOW_MS = 1500;
const TEST_TIMEOUT_MS = 180_000;

/** The promises of the port `Runtime`, held against one adapter. Every test gets a fresh harness. */
export function describeRuntimeContract(
  adapter: string,
  create: () => Promise<RuntimeHarness>,
  options: { readonly targets: 'followed' | 'fixed' } = { targets: 'followed' },
): void {
  describe(`runtime contract: ${adapter}`, { timeout: TEST_TIMEOUT_MS }, () => {
    let harness: RuntimeHarness;
    beforeEach(async () => {
      harness = await create();
    }, TEST_TIMEOUT_MS);
    afterEach(async () => {
      await harness.runtime.stop();
      await harness.dispose();
    }, TEST_TIMEOUT_MS);
    describeStart(() => harness);
    describeLooking(() => harness);
    describeEnds(() => harness);
    if (options.targets === 'followed') describeRemoval(() => harness);
  });
}

function describeStart(harness: () => RuntimeHarness): void {
  it('is unreachable with the reason Starting before it is started', async () => {
    const { runtime } = harness();
    expect(runtime.status()).toMatchObject({ host: runtime.host, reachable: false, reason: 'Starting' });
    const [seen] = await runtime.observe([`${runtime.host}/any`], harness().now());
    expect(seen).toMatchObject({ kind: 'unreachable', reason: 'HostUnreachable', probes: {} });
  });

  it('reports a reachable host with its size after the start', async () => {
    harness().runtime.start();
    await until(harness(), 'the host is reachable', () => harness().runtime.status().reachable);
    const status = harness().runtime.status();
    expect(status).toMatchObject({
      host: harness().runtime.host,
      reachable: true,
      cpus: expect.any(Number),
      memoryBytes: expect.any(Number),
    });
    expect(status.since).toBeLessThanOrEqual(harness().now());
  });

  it('stops twice, and answers afterwards', async () => {
    const { runtime } = harness();
    await started(harness(), 'one');
    await Promise.all([runtime.stop(), runtime.stop()]);
    await runtime.stop();
    await expect(runtime.observe([`${runtime.host}/one`], harness().now())).resolves.toHaveLength(1);
  });

  it('can be stopped without having been started', async () => {
    await expect(harness().runtime.stop()).resolves.toBeUndefined();
  });
}

function describeLooking(harness: () => RuntimeHarness): void {
  it('lists a running workload under an identity that begins with the host', async () => {
    const target = await started(harness(), 'one');
    expect(target.host).toBe(harness().runtime.host);
    expect(target.id.startsWith(`${target.host}/`)).toBe(true);
    expect(target.name).toBe(named(harness(), 'one'));
    expect(target.instance).not.toBe('');
  });

  it('lists its targets with how they stand, without a look', async () => {
    const target = await started(harness(), 'one');
    const { runtime } = harness();
    expect(runtime.containers().map((container) => container.target)).toEqual(runtime.targets());
    const container = runtime.containers().find((one) => one.target.id === target.id);
    expect(container).toMatchObject({ state: 'running', health: 'none', restarts: 0, oomKilled: false });
    expect(container?.startedAt).toBeGreaterThan(0);
  });

  it('refuses the output of a target that it does not know', async () => {
    await started(harness(), 'one');
    const { runtime } = harness();
    const options = { follow: false, timestamps: false };
    const signal = AbortSignal.timeout(TEST_TIMEOUT_MS);
    await expect(runtime.logs(`${runtime.host}/nobody`, options, signal)).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('tells how a target is reached, if its host knows, and refuses one that it does not know', async () => {
    const target = await started(harness(), 'one');
    const { runtime } = harness();
    const signal = AbortSignal.timeout(TEST_TIMEOUT_MS);
    const links = await runtime.links(target.id, signal);
    expect(links?.networks.map(({ name }) => name) ?? []).not.toContain('');
    await expect(runtime.links(`${runtime.host}/nobody`, signal)).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('observes every id in the order asked, unknown ones as missing', async () => {
    const first = await started(harness(), 'one');
    const second = await started(harness(), 'two');
    const unknown = `${harness().runtime.host}/nobody`;
    const now = harness().now();
    const seen = await harness().runtime.observe([second.id, unknown, first.id, second.id], now);
    expect(seen.map((o) => o.target.id)).toEqual([second.id, unknown, first.id, second.id]);
    expect(seen.map((o) => o.at)).toEqual([now, now, now, now]);
    expect(seen.map((o) => (o.kind === 'observed' ? o.state : o.kind))).toEqual([
      'running',
      'missing',
      'running',
      'running',
    ]);
    expect(seen[1]?.target.instance).toBe('');
  });

  it('gives memory at the first look, and rates once two can be compared', async () => {
    const target = await started(harness(), 'one');
    const first = await observed(harness(), target.id);
    expect(first).toMatchObject({ state: 'running', probes: {}, changes: [] });
    expect(first.startedAt).toBeGreaterThan(0);
    expect(first.resources.memoryBytes).toBeGreaterThan(0);
    expect(first.resources.cpuPercent).toBeUndefined();
    expect(first.note).toBeTruthy();
    await harness().pass(RATE_WINDOW_MS);
    // The second mostly; not when the engine has told the start more exactly in between.
    const second = await observedWhere(harness(), target.id, ({ resources }) => resources.cpuPercent !== undefined);
    expect(second.resources.cpuPercent).toBeGreaterThanOrEqual(0);
    expect(second.resources.cpuPercent).toBeLessThan(1000);
    expect(second.resources.memoryPercent).toBeGreaterThan(0);
  });

  it('gives no observations for no ids', async () => {
    await started(harness(), 'one');
    await expect(harness().runtime.observe([], harness().now())).resolves.toEqual([]);
  });
}

function describeEnds(harness: () => RuntimeHarness): void {
  it('tells a crash once, with the time it was noticed, and calls back', async () => {
    const target = await started(harness(), 'one');
    const told: string[] = [];
    harness().runtime.onChange((id) => told.push(id));
    const before = harness().now();
    await harness().crash(named(harness(), 'one'));
    const seen = await observedWith(harness(), target.id, 'crashed');
    expect(['exited', 'dead', 'missing']).toContain(seen.state);
    expect(seen.resources).toEqual({});
    expect(seen.stopRequestedAt).toBeUndefined();
    const crash = seen.changes.find((change) => change.kind === 'crashed');
    expect(crash?.at).toBeGreaterThanOrEqual(before);
    expect(crash?.at).toBeLessThanOrEqual(harness().now());
    await until(harness(), 'the listener was called', () => told.includes(target.id));
    await harness().pass(RATE_WINDOW_MS);
    expect(count(await observed(harness(), target.id), 'crashed')).toBe(1);
  });

  it('tells a new run as restarted, under the same identity, and begins its rates anew', async () => {
    const target = await started(harness(), 'one');
    const first = await observed(harness(), target.id);
    await harness().crash(named(harness(), 'one'));
    await observedWith(harness(), target.id, 'crashed');
    await harness().pass(RATE_WINDOW_MS);
    await harness().startAgain(named(harness(), 'one'));
    const again = await observedWith(harness(), target.id, 'restarted');
    expect(again.state).toBe('running');
    expect(count(again, 'restarted')).toBe(1);
    expect(again.startedAt).not.toBe(first.startedAt);
    expect(again.resources.cpuPercent).toBeUndefined();
  });

  it('does not call an asked-for end a crash', async () => {
    const target = await started(harness(), 'one');
    const before = harness().now();
    await harness().stop(named(harness(), 'one'));
    const seen = await observedWhere(harness(), target.id, (o) => o.state === 'exited');
    expect(count(seen, 'crashed')).toBe(0);
    expect(seen.stopRequestedAt).toBeGreaterThanOrEqual(before);
    expect(harness().runtime.targets()).toContainEqual(expect.objectContaining({ id: target.id }));
  });
}

function describeRemoval(harness: () => RuntimeHarness): void {
  it('forgets a removed workload', async () => {
    const target = await started(harness(), 'one');
    await harness().remove?.(named(harness(), 'one'));
    await until(harness(), 'the target is gone', () => !hasTarget(harness(), target.id));
    expect(await observed(harness(), target.id)).toMatchObject({ state: 'missing', target: { instance: '' } });
  });
}

function named(harness: RuntimeHarness, name: string): string {
  return `${harness.prefix ?? ''}${name}`;
}

function hasTarget(harness: RuntimeHarness, id: string): boolean {
  return harness.runtime.targets().some((target) => target.id === id);
}

async function started(harness: RuntimeHarness, shortName: string): Promise<Target> {
  const name = named(harness, shortName);
  harness.runtime.start();
  await harness.run(name);
  const find = (): Target | undefined => harness.runtime.targets().find((target) => target.name === name);
  await until(harness, `${name} is a target`, () => find() !== undefined);
  const target = find();
  if (target === undefined) throw new Error(`${name} is no target`);
  await observedUnread(harness, target.id);
  return target;
}

/** Waits for the state without a look, so that the first look of the test is the first sample. */
async function observedUnread(harness: RuntimeHarness, id: string): Promise<void> {
  await until(harness, `${id} has an instance`, () =>
    harness.runtime.targets().some((target) => target.id === id && target.instance !== ''),
  );
}

async function observed(harness: RuntimeHarness, id: string): Promise<ContainerObservation> {
  const seen = await look(harness, id);
  if (seen.kind !== 'observed') throw new Error(`${id} is unreachable: ${seen.message}`);
  return seen;
}

function observedWith(harness: RuntimeHarness, id: string, kind: ChangeKind): Promise<ContainerObservation> {
  return observedWhere(harness, id, (observation) => count(observation, kind) > 0);
}

async function observedWhere(
  harness: RuntimeHarness,
  id: string,
  accepts: (observation: ContainerObservation) => boolean,
): Promise<ContainerObservation> {
  for (let waited = 0; waited < NOTICE_MS; waited += LOOK_EVERY_MS) {
    const seen = await look(harness, id);
    if (seen.kind === 'observed' && accepts(seen)) return seen;
    await harness.pass(LOOK_EVERY_MS);
  }
  throw new Error(`${id} was not seen as awaited, last as ${JSON.stringify(await look(harness, id))}`);
}

async function look(harness: RuntimeHarness, id: string): Promise<Observation> {
  const [seen] = await harness.runtime.observe([id], harness.now());
  if (seen === undefined) throw new Error(`no observation of ${id}`);
  return seen;
}

function count(observation: ContainerObservation, kind: ChangeKind): number {
  return observation.changes.filter((change) => change.kind === kind).length;
}

async function until(harness: RuntimeHarness, what: string, holds: () => boolean): Promise<void> {
  for (let waited = 0; waited < NOTICE_MS; waited += LOOK_EVERY_MS) {
    if (holds()) return;
    await harness.pass(LOOK_EVERY_MS);
  }
  throw new Error(`not within ${NOTICE_MS} ms: ${what}; status ${JSON.stringify(harness.runtime.status())}`);
}
