import { describe, expect, it } from 'vitest';
import { createContainers, type Containers, type TargetView } from './containers.ts';
import type { ContainerEvent } from './decode/events.ts';
import type { ContainerFacts } from './decode/inspect.ts';
import { recordedEngines, recordedEvents, recordedInspect, recordedState, type RecordedEngine } from './recorded.ts';

const NOW = 1_800_000_000_000;

/** A container of the recordings as it is right after its creation. */
function created(engine: RecordedEngine, event: ContainerEvent): ContainerFacts {
  return { ...recordedState(engine, 'created'), id: event.id, name: event.name, createdAt: event.at };
}

/** Plays a recorded stream; containers are inspected at their creation only, so that events alone tell. */
function play(engine: RecordedEngine, file: string, until?: ContainerEvent['action']): Containers {
  const containers = createContainers('here');
  for (const event of recordedEvents(engine, file)) {
    if (event.action === until) break;
    if (event.action === 'create') sight(containers, created(engine, event));
    else if (event.action === 'destroy') containers.remove(event.id, NOW);
    else containers.applyEvent(event, NOW);
  }
  return containers;
}

function sight(
  containers: Containers,
  facts: ContainerFacts,
  isSettled = false,
): ReturnType<Containers['applyInspect']> {
  return containers.applyInspect({ facts, now: NOW, isSettled, isFirst: false });
}

function view(containers: Containers, id: string): TargetView {
  const found = containers.find(id);
  if (found === undefined) throw new Error(`no target ${id}`);
  return found;
}

function firstEvent(engine: RecordedEngine): ContainerEvent {
  const [event] = recordedEvents(engine, 'events/start-stop.ndjson');
  if (event === undefined) throw new Error('no events');
  return event;
}

const kinds = (of: TargetView): readonly string[] => of.changes.map((change) => change.kind);

describe.each(recordedEngines)('events of engine %s', (engine) => {
  it.each([
    ['start-stop', ['restarted'], 'stopped, started and stopped again'],
    ['stop-ignoring-term', [], 'stopped by TERM, then KILL'],
    ['kill', ['restarted'], 'killed, started, sent HUP, removed by force'],
    ['restart', ['restarted', 'restarted'], 'restarted twice by hand, whatever the order of die and stop'],
    ['rm-force-running', [], 'removed by force'],
    ['pause-unpause', [], 'paused and unpaused'],
    ['oom-main-process', ['oomKilled', 'crashed'], 'its main process killed for memory'],
    ['oom-child', ['oomKilled'], 'its child killed for memory, three times within a second'],
    [
      'restart-policy-on-failure-3',
      'crashed restarted crashed restarted crashed restarted crashed'.split(' '),
      'failing',
    ],
    ['auto-remove', ['crashed'], 'ended by itself'],
  ])('%s: tell %j (%s)', (file, expected) => {
    const seen = kinds(view(play(engine, `events/${file}.ndjson`, 'destroy'), 'here/rec-a'));
    // Kills for memory 320 ms apart may fall on both sides of the second that makes them one.
    const isStorm = file === 'oom-child';
    expect(isStorm ? [...new Set(seen)] : seen).toEqual(expected);
  });

  it('leave a kill for lack of memory to be told with the end that follows, or by the look that waits for one', () => {
    const running = { ...recordedState(engine, 'nolimit'), id: 'a'.repeat(64), name: 'rec-a' };
    const oom = { ...firstEvent(engine), action: 'oom', id: running.id, name: 'rec-a', at: NOW } as const;
    const containers = createContainers('here');
    sight(containers, running);
    containers.applyEvent(oom, NOW);
    expect(sight(containers, running)).toBe('unsettled');
    expect(kinds(view(containers, 'here/rec-a'))).toEqual([]);
    sight(containers, running, true);
    expect(kinds(view(containers, 'here/rec-a'))).toEqual(['oomKilled']);
    for (const afterMs of [5000, 5500, 6000]) containers.applyEvent({ ...oom, at: NOW + afterMs }, NOW + afterMs);
    expect(kinds(view(containers, 'here/rec-a')), 'a storm waits no longer').toEqual(['oomKilled', 'oomKilled']);
    containers.applyEvent({ ...oom, action: 'die', exitCode: 137, at: NOW + 6001 }, NOW + 6001);
    expect(kinds(view(containers, 'here/rec-a')).slice(2)).toEqual(['oomKilled', 'crashed']);
  });

  it.each([
    ['no', 'exited'],
    ['always', 'restarting'],
    ['on-failure', 'restarting'],
  ] as const)('take a crash with restart policy %s as %s', (restartPolicy, state) => {
    const running = { ...recordedState(engine, 'nolimit'), id: 'a'.repeat(64), name: 'rec-a', restartPolicy };
    const die = { ...firstEvent(engine), action: 'die', id: running.id, at: NOW } as const;
    for (const [signal, expected] of [
      ['none', state],
      ['kill', 'exited'],
    ] as const) {
      const containers = createContainers('here');
      sight(containers, running);
      if (signal === 'kill') containers.applyEvent({ ...die, action: 'kill', signal: '9', at: NOW - 1 }, NOW);
      containers.applyEvent({ ...die, exitCode: 1 }, NOW);
      expect(view(containers, 'here/rec-a').life.facts.state).toBe(expected);
    }
  });

  it('tell an end by itself as a crash with its exit code, also with exit code 0', () => {
    const containers = play(engine, 'events/exit-by-itself-0-and-1.ndjson', 'destroy');
    expect(view(containers, 'here/rec-a').changes).toEqual([{ kind: 'crashed', at: NOW, exitCode: 0 }]);
    expect(view(containers, 'here/rec-b').changes).toEqual([{ kind: 'crashed', at: NOW, exitCode: 1 }]);
  });

  it('tell a stop as asked for', () => {
    const stopped = view(play(engine, 'events/stop-ignoring-term.ndjson', 'destroy'), 'here/rec-a');
    expect(stopped).toMatchObject({ stopRequestedAt: NOW, life: { phase: 'ended', facts: { state: 'exited' } } });
  });

  it.each([
    ['what an ending engine stops one by one is stopped at one time, once', [20_000, 25_000], 20_000],
    ['what was stopped before is not', [20_001], 0],
  ])('%s', (_name, hostLeftAfterMs, stoppedAfterMs) => {
    const containers = play(engine, 'events/stop-ignoring-term.ndjson', 'destroy');
    for (const afterMs of hostLeftAfterMs) containers.hostLeft(NOW + afterMs);
    expect(view(containers, 'here/rec-a').stopRequestedAt).toBe(NOW + stoppedAfterMs);
  });

  it('forget the stop when it runs again', () => {
    const containers = play(engine, 'events/restart.ndjson', 'destroy');
    const events = recordedEvents(engine, 'events/restart.ndjson');
    expect(view(containers, 'here/rec-a').stopRequestedAt).toBe(NOW);
    const last = events.at(-1);
    if (last === undefined) throw new Error('no events');
    containers.applyEvent({ ...last, action: 'start', at: last.at + 500 }, NOW);
    expect(view(containers, 'here/rec-a').stopRequestedAt).toBeUndefined();
  });

  it('tell the stop of a container between two policy restarts, which has no die', () => {
    const looping = view(play(engine, 'events/restart-policy-loop-always.ndjson', 'destroy'), 'here/rec-a');
    expect(looping.stopRequestedAt).toBe(NOW);
    expect(kinds(looping).filter((kind) => kind === 'crashed')).toHaveLength(6);
    expect(kinds(looping).filter((kind) => kind === 'restarted')).toHaveLength(5);
  });

  it('tell an out-of-memory loop', () => {
    const looping = kinds(view(play(engine, 'events/oom-restart-always.ndjson', 'destroy'), 'here/rec-a'));
    expect(looping.filter((kind) => kind === 'crashed')).toHaveLength(5);
    expect(looping.filter((kind) => kind === 'restarted')).toHaveLength(4);
    expect(looping).toContain('oomKilled');
  });

  it('tell health as it turns', () => {
    const containers = play(engine, 'events/health-filtered-type-container.ndjson', 'die');
    expect(view(containers, 'here/rec-a')).toMatchObject({ changes: [], life: { facts: { health: 'unhealthy' } } });
  });

  it('move a renamed container to another identity', () => {
    const containers = play(engine, 'events/rename-update.ndjson', 'destroy');
    expect(containers.targets().map((target) => target.id)).toEqual(['here/rec-b']);
  });

  it('leave nothing of a removed container', () => {
    const containers = play(engine, 'events/rm-force-running.ndjson');
    expect(containers.targets()).toEqual([]);
    expect(containers.find('here/rec-a')).toBeUndefined();
  });

  it('of one container with two names by a legacy link give its own name', () => {
    expect(recordedState(engine, 'nolimit').name).toBe('rec-nolimit');
  });
});

describe.each(recordedEngines)('Compose on engine %s', (engine) => {
  /** Plays a step of the Compose recording between the inspects before and after it. */
  function recreate(step: string, before: string, name: string): { containers: Containers; seen: readonly string[] } {
    const containers = createContainers('here');
    const old = recordedInspect(engine, `compose/${before}/inspect-${name}.json`);
    const next = recordedInspect(engine, `compose/${step}/inspect-${name}.json`);
    containers.applyInspect({ facts: old, now: NOW, isSettled: false, isFirst: true });
    const seen: string[] = [];
    for (const event of recordedEvents(engine, `compose/${step}.ndjson`)) {
      if (event.action === 'create' && event.id === next.id) {
        const interim = { state: 'created', startedAt: undefined, pid: 0, name: event.name } as const;
        sight(containers, { ...next, ...interim });
      } else if (event.action === 'destroy') containers.remove(event.id, NOW);
      else containers.applyEvent(event, NOW);
      const ids = containers.targets().map((target) => `${target.id} ${target.name}`);
      seen.push(ids.join(','));
    }
    sight(containers, next);
    return { containers, seen };
  }

  it.each([
    ['2-web-new-image-tag', '1-up', 'web', 'deployed', 'image bb:1 -> bb:2'],
    ['3-db-changed-env', '2-web-new-image-tag', 'db', 'configured', 'recreated with another configuration'],
  ])('%s: one target all the while, told once', (step, before, service, kind, detail) => {
    const { containers, seen } = recreate(step, before, `rec-shop-${service}-1`);
    expect([...new Set(seen)]).toEqual([`here/rec-shop/${service}/1 rec-shop-${service}-1`]);
    const after = view(containers, `here/rec-shop/${service}/1`);
    expect(after.changes).toEqual([{ kind, at: NOW, detail }]);
    expect(after.stopRequestedAt).toBeUndefined();
    expect(after.life.phase).toBe('running');
  });

  it('is known as being recreated between the end of the old and the start of the new container', () => {
    const containers = createContainers('here');
    const old = recordedInspect(engine, 'compose/1-up/inspect-rec-shop-web-1.json');
    const next = recordedInspect(engine, 'compose/2-web-new-image-tag/inspect-rec-shop-web-1.json');
    containers.applyInspect({ facts: old, now: NOW, isSettled: false, isFirst: true });
    sight(containers, { ...next, state: 'created', startedAt: undefined });
    expect(view(containers, 'here/rec-shop/web/1').target.instance).toBe(old.id);
    containers.remove(old.id, NOW + 5);
    const waiting = view(containers, 'here/rec-shop/web/1');
    expect(waiting).toMatchObject({ stopRequestedAt: NOW + 5, target: { instance: next.id } });
  });

  it('keeps a one-off container apart, under its own name', () => {
    const containers = createContainers('here');
    const files = ['web-1', 'web-2', 'web-3', 'db-1'].map(
      (name) => `compose/6-run-oneoff/inspect-rec-shop-${name}.json`,
    );
    for (const file of files) sight(containers, recordedInspect(engine, file));
    const oneoff = { ...recordedInspect(engine, files[0] ?? ''), id: 'f'.repeat(64), name: 'rec-shop-web-run-7e3b' };
    const labels = { ...oneoff.labels, 'com.docker.compose.oneoff': 'True' };
    sight(containers, { ...oneoff, labels });
    expect(containers.targets().map((target) => target.id)).toEqual([
      'here/rec-shop/web/1',
      'here/rec-shop/web/2',
      'here/rec-shop/web/3',
      'here/rec-shop/db/1',
      'here/rec-shop-web-run-7e3b',
    ]);
  });
});

describe.each(recordedEngines)('a restart of engine %s, told by inspects alone', (engine) => {
  it.each([
    ['always', ['restarted'], 'running'],
    ['onfail', ['restarted'], 'running'],
    ['no', [], 'exited'],
    ['paused', [], 'exited'],
    ['unless-stopped', [], 'exited'],
  ])('rec-dr-%s: %j, then %s', (name, expected, state) => {
    const containers = createContainers('here');
    const at = (when: string): ContainerFacts =>
      recordedInspect(engine, `daemon-restart/kill9-${when}/inspect-rec-dr-${name}.json`);
    containers.applyInspect({ facts: at('1-before'), now: NOW, isSettled: false, isFirst: true });
    if (sight(containers, at('2-after')) === 'unsettled') sight(containers, at('2-after'), true);
    const after = view(containers, `here/rec-dr-${name}`);
    expect(kinds(after)).toEqual(expected);
    expect(after.life.facts.state).toBe(state);
  });

  it('does not tell again what the replayed events repeat', () => {
    const containers = createContainers('here');
    for (const name of ['always', 'onfail', 'no', 'paused', 'loop']) {
      const before = recordedInspect(engine, `daemon-restart/term-1-before/inspect-rec-dr-${name}.json`);
      const after = recordedInspect(engine, `daemon-restart/term-2-after/inspect-rec-dr-${name}.json`);
      containers.applyInspect({ facts: before, now: NOW, isSettled: false, isFirst: true });
      if (sight(containers, after) === 'unsettled') sight(containers, after, true);
    }
    const steady = containers.targets().filter((target) => target.name !== 'rec-dr-loop');
    const told = steady.map((target) => kinds(view(containers, target.id)));
    for (const event of recordedEvents(engine, 'daemon-restart/replay-since-before-term.ndjson')) {
      containers.applyEvent(event, NOW);
    }
    expect(steady.map((target) => kinds(view(containers, target.id)))).toEqual(told);
  });
});
