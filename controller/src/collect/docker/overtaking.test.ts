import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change, ChangeKind } from '../../model/observation.ts';
import { createContainers, type Containers } from './containers.ts';
import type { ContainerEvent } from './decode/events.ts';
import type { ContainerFacts } from './decode/inspect.ts';
import { recordedState } from './recorded.ts';

/** What happens to a container, one thing after the other; how late its events come; when somebody inspects. */
interface Plan {
  readonly deeds: readonly {
    readonly deed: 'crash' | 'stop' | 'start';
    readonly afterMs: number;
    readonly lagMs: number;
  }[];
  readonly inspectsAt: readonly number[];
}

interface Truth {
  readonly facts: ContainerFacts;
  readonly told: Readonly<Record<'crashed' | 'restarted', number>>;
}

type Moment =
  | { readonly at: number; readonly kind: 'truth'; readonly truth: Truth }
  | { readonly at: number; readonly kind: 'event'; readonly event: ContainerEvent }
  | { readonly at: number; readonly kind: 'inspect'; readonly revision?: number };

const START = 1_800_000_000_000;
const ID = 'c'.repeat(64);
/** As the inspector waits; events come sooner. */
const SETTLE_MS = 1000;
const LATEST_MS = 8000;
const base: ContainerFacts = {
  ...recordedState('28.5.2', 'nolimit'),
  id: ID,
  name: 'app',
  startedAt: START - 5000,
  finishedAt: undefined,
};

function event(action: ContainerEvent['action'], at: number, over: Partial<ContainerEvent> = {}): ContainerEvent {
  return { action, id: ID, name: 'app', at, timeNano: BigInt(at), key: `${at} ${action}`, ...over };
}

/** The truth over time, and its events as they arrive: late, but in order. */
function play(plan: Plan): readonly Moment[] {
  let truth: Truth = { facts: base, told: { crashed: 0, restarted: 0 } };
  let at = START;
  let arrival = START;
  const moments: Moment[] = [{ at, kind: 'truth', truth }];
  for (const { deed, afterMs, lagMs } of plan.deeds) {
    if ((truth.facts.state === 'running') === (deed === 'start')) continue;
    at += afterMs;
    truth = deed === 'start' ? begin(truth, at) : end(truth, at, deed === 'crash');
    moments.push({ at, kind: 'truth', truth });
    arrival = Math.max(arrival, at + lagMs);
    for (const one of eventsOf(deed, at)) moments.push({ at: arrival, kind: 'event', event: one });
  }
  const inspects = plan.inspectsAt.map((after): Moment => ({ at: START + after, kind: 'inspect' }));
  return [...moments, ...inspects, { at: at + LATEST_MS + SETTLE_MS, kind: 'inspect' }];
}

function begin({ facts, told }: Truth, at: number): Truth {
  const started = { ...facts, state: 'running', startedAt: at, finishedAt: undefined, exitCode: undefined } as const;
  return { facts: started, told: { ...told, restarted: told.restarted + 1 } };
}

function end({ facts, told }: Truth, at: number, isCrash: boolean): Truth {
  const ended = { ...facts, state: 'exited', finishedAt: at, exitCode: isCrash ? 1 : 0 } as const;
  return { facts: ended, told: { ...told, crashed: told.crashed + (isCrash ? 1 : 0) } };
}

function eventsOf(deed: 'crash' | 'stop' | 'start', at: number): readonly ContainerEvent[] {
  if (deed === 'start') return [event('start', at + 20)];
  if (deed === 'crash') return [event('die', at + 50, { exitCode: 1 })];
  return [event('kill', at - 10, { signal: '15' }), event('stop', at + 40), event('die', at + 50, { exitCode: 0 })];
}

/** Runs the moments in order; an unsettled inspect looks again, as the inspector does. */
function watch(moments: readonly Moment[]): { readonly containers: Containers; readonly truth: Truth } {
  const containers = createContainers('here');
  containers.applyInspect({ facts: base, now: START, isSettled: false, isFirst: true });
  const queue = moments.toSorted(byTime);
  let truth: Truth = { facts: base, told: { crashed: 0, restarted: 0 } };
  for (let moment = queue.shift(); moment !== undefined; moment = queue.shift()) {
    if (moment.kind === 'truth') truth = moment.truth;
    if (moment.kind === 'event') containers.applyEvent(moment.event, moment.at);
    if (moment.kind !== 'inspect') continue;
    const revision = containers.revision(ID);
    const isSettled = moment.revision === revision;
    const seen = containers.applyInspect({ facts: truth.facts, now: moment.at, isSettled, isFirst: false });
    if (seen === 'unsettled') queue.push({ at: moment.at + SETTLE_MS, kind: 'inspect', revision });
    queue.sort(byTime);
  }
  return { containers, truth };
}

function byTime(left: Moment, right: Moment): number {
  return left.at - right.at;
}

function count(changes: readonly Change[], kind: ChangeKind): number {
  return changes.filter((change) => change.kind === kind).length;
}

const plansWithLag = (maxLagMs: number): fc.Arbitrary<Plan> =>
  fc.record({
    deeds: fc.array(
      fc.record({
        deed: fc.constantFrom('crash', 'stop', 'start'),
        afterMs: fc.integer({ min: 100, max: 3000 }),
        lagMs: fc.integer({ min: 51, max: maxLagMs }),
      }),
      { maxLength: 12 },
    ),
    inspectsAt: fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 30 }),
  });

describe('events and inspects that overtake each other', () => {
  it('tell every crash and every restart exactly once, and agree at the end', () => {
    fc.assert(
      fc.property(plansWithLag(SETTLE_MS - 100), (plan) => {
        const { containers, truth } = watch(play(plan));
        const view = containers.find('here/app');
        const changes = view?.changes ?? [];
        expect(count(changes, 'crashed')).toBe(truth.told.crashed);
        expect(count(changes, 'restarted')).toBe(truth.told.restarted);
        expect(view?.life.facts).toMatchObject({ state: truth.facts.state, startedAt: truth.facts.startedAt });
      }),
      { numRuns: 2000 },
    );
  });

  it('tell nothing twice and still agree when events come later than any inspect waits', () => {
    fc.assert(
      fc.property(plansWithLag(LATEST_MS), (plan) => {
        const { containers, truth } = watch(play(plan));
        const view = containers.find('here/app');
        const changes = view?.changes ?? [];
        expect(count(changes, 'crashed')).toBeLessThanOrEqual(truth.told.crashed);
        expect(count(changes, 'restarted')).toBeLessThanOrEqual(truth.told.restarted);
        expect(view?.life.facts).toMatchObject({ state: truth.facts.state, startedAt: truth.facts.startedAt });
      }),
      { numRuns: 2000 },
    );
  });
});
