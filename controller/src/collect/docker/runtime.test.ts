import { afterEach, describe, expect, it } from 'vitest';
import { createFakeClock, type FakeClock } from '../../fake-clock.ts';
import { createSilentLog } from '../../log.ts';
import type { Observation } from '../../model/observation.ts';
import { describeRuntimeContract } from '../runtime-contract.ts';
import type { HostRuntime } from '../runtime.ts';
import { recordedBody, recordedEngines } from './recorded.ts';
import { createDockerRuntime } from './runtime.ts';
import { createScriptedEngine, type ScriptedEngine } from './scripted-engine.ts';

const API_ONLY = { statsSource: 'engine-api', hostCgroupDir: '/nowhere', hostProcDir: '/nowhere' } as const;
/** Real time for input and output between two moves of the fake clock. */
const IO_MS = 4;

function runtimeOn(url: string, clock: FakeClock): HostRuntime {
  return createDockerRuntime({ host: { name: 'here', url }, config: API_ONLY, clock, log: createSilentLog() });
}

async function pass(clock: FakeClock, ms: number): Promise<void> {
  await clock.advance(ms);
  await new Promise((resolve) => setTimeout(resolve, IO_MS));
}

for (const recording of recordedEngines) {
  describeRuntimeContract(`docker, scripted engine ${recording}`, async () => {
    const clock = createFakeClock();
    const engine = await createScriptedEngine(recording, () => clock.now());
    return {
      runtime: runtimeOn(engine.url, clock),
      now: () => clock.now(),
      pass: (ms) => pass(clock, ms),
      run: async (name) => {
        engine.run(name);
      },
      crash: async (name) => {
        engine.die(name);
      },
      startAgain: async (name) => {
        engine.start(name);
      },
      stop: async (name) => {
        engine.stop(name);
      },
      remove: async (name) => {
        engine.remove(name);
      },
      dispose: () => engine.close(),
    };
  });
}

describe('the Docker runtime', () => {
  let clock: FakeClock;
  let engine: ScriptedEngine;
  let runtime: HostRuntime;
  afterEach(async () => {
    await runtime.stop();
    await engine.close().catch(() => undefined);
  });

  async function started(...names: readonly string[]): Promise<void> {
    clock = createFakeClock();
    engine = await createScriptedEngine('28.5.2', () => clock.now());
    for (const name of names) engine.run(name);
    runtime = runtimeOn(engine.url, clock);
    runtime.start();
    await until(() => runtime.status().reachable);
  }

  async function until(holds: () => boolean): Promise<void> {
    for (let tries = 0; tries < 500 && !holds(); tries += 1) await pass(clock, 20);
    expect(holds()).toBe(true);
  }

  const reason = (): string => {
    const status = runtime.status();
    return status.reachable ? '' : status.reason;
  };

  async function look(id: string): Promise<Observation> {
    const [seen] = await runtime.observe([id], clock.now());
    if (seen === undefined) throw new Error('no observation');
    return seen;
  }

  const changesOf = async (id: string): Promise<readonly string[]> => {
    const seen = await look(id);
    return seen.kind === 'observed' ? seen.changes.map((change) => change.kind) : [seen.reason];
  };

  it('speaks version 1.44 to a newer engine and gives its size', async () => {
    await started();
    expect(runtime.status()).toMatchObject({ apiVersion: '1.44', engineVersion: '28.5.2+dfsg4', cpus: 2 });
  });

  it('asks an engine for nothing but what docs list', async () => {
    await started('one');
    await look('here/one');
    const kinds = new Set(engine.asked.map((path) => path.replace(/\?.*/, '').replace(/[0-9a-f]{64}/, 'ID')));
    expect([...kinds].sort()).toEqual([
      '/containers/ID/json',
      '/containers/ID/stats',
      '/containers/json',
      '/events',
      '/info',
      '/version',
    ]);
  });

  it('says NoSocket when the engine goes, and well again when it is back', async () => {
    await started('one');
    await engine.close();
    await until(() => reason() === 'NoSocket');
    expect(runtime.status()).toMatchObject({ message: expect.stringContaining('DOCKER_HOST') });
    expect(await look('here/one')).toMatchObject({ kind: 'unreachable', reason: 'HostUnreachable' });
    expect(runtime.targets()).toHaveLength(1);
    engine = await createScriptedEngine('28.5.2', () => clock.now());
    await runtime.stop();
    runtime = runtimeOn(engine.url, clock);
    runtime.start();
    await until(() => runtime.status().reachable);
  });

  it('takes up a cut stream at once, without calling the host unreachable', async () => {
    await started('one');
    await pass(clock, 11_000);
    const { since } = runtime.status();
    engine.cutStreams();
    await until(() => engine.asked.filter((path) => path.startsWith('/events')).length === 2);
    await until(() => runtime.status().reachable);
    expect(runtime.status().since).toBe(since);
    engine.die('one');
    await until(() => runtime.targets().length === 1);
    expect(await changesOf('here/one')).toEqual(['crashed']);
  });

  it('asks to resume from the last event', async () => {
    await started('one');
    engine.die('one');
    await pass(clock, 11_000);
    engine.cutStreams();
    await until(() => engine.asked.filter((path) => path.startsWith('/events')).length === 2);
    expect(engine.asked.filter((path) => path.startsWith('/events')).at(-1)).toMatch(/since=\d+\.\d{9}/);
  });

  it('finds by its listing what no event told, and tells it once', async () => {
    await started('one');
    engine.setTelling(false);
    engine.die('one', 3);
    await pass(clock, 61_000);
    for (let n = 0; n < 20; n += 1) await pass(clock, 100);
    expect(await changesOf('here/one')).toEqual(['crashed']);
    await pass(clock, 61_000);
    expect(await changesOf('here/one')).toEqual(['crashed']);
  });

  it('tells an end once when the listing is faster than the event', async () => {
    await started('one');
    engine.setTelling(false);
    engine.die('one', 3);
    await pass(clock, 60_000);
    await pass(clock, 100);
    engine.setTelling(true);
    engine.emitRaw(
      `${JSON.stringify({
        Type: 'container',
        Action: 'die',
        Actor: { ID: '1'.padStart(64, '0'), Attributes: { name: 'one', exitCode: '3' } },
        timeNano: clock.now() * 1e6,
      })}\n`,
    );
    for (let n = 0; n < 30; n += 1) await pass(clock, 100);
    expect(await changesOf('here/one')).toEqual(['crashed']);
  });

  it('reads events that are cut anywhere, also within a character', async () => {
    await started('one');
    const event = `{"Type":"container","Action":"oom","Actor":{"ID":"${'1'.padStart(64, '0')}","Attributes":{"name":"ö"}},"timeNano":${clock.now() * 1e6}}\n`;
    for (const piece of ['not json\n', event.slice(0, 40), event.slice(40)]) {
      engine.emitRaw(piece);
      await pass(clock, 10);
    }
    expect(await changesOf('here/one'), 'the end of the container may follow').toEqual([]);
    for (let n = 0; n < 11; n += 1) await pass(clock, 100);
    expect(await changesOf('here/one')).toEqual(['oomKilled']);
  });

  it('gives one hung container up at its deadline, and has the others', async () => {
    await started('slow', 'fast');
    engine.answer(/^\/containers\/0*1\/stats/, () => undefined);
    const [slow, fast] = await runtime.observe(['here/slow', 'here/fast'], clock.now());
    expect(slow).toMatchObject({ kind: 'unreachable', reason: 'Timeout' });
    expect(fast).toMatchObject({ kind: 'observed', state: 'running' });
  });

  it.each([
    ['an empty body, as of a container removed meanwhile', '', 'observed', /removed/],
    ['a zero answer, as of a container that ended meanwhile', 'idle', 'observed', /not running/],
    ['no JSON', '<html>', 'unreachable', /^$/],
    ['another shape', '{"read":1}', 'unreachable', /^$/],
  ])('bears stats with %s', async (_, body, kind, note) => {
    await started('one');
    const text = body === 'idle' ? JSON.stringify(recordedBody('28.5.2', 'stats-exit0-oneshot')) : body;
    engine.answer(/stats/, (_request, response) => {
      response.end(text);
    });
    const seen = await look('here/one');
    expect(seen.kind).toBe(kind);
    expect('note' in seen ? seen.note : '').toMatch(note);
  });

  it('does without /info where a proxy forbids it', async () => {
    await started();
    engine.answer(/^\/info/, (_request, response) => {
      response.writeHead(403).end('<html>forbidden');
    });
    const other = runtimeOn(engine.url, clock);
    other.start();
    await until(() => other.status().reachable);
    await other.stop();
    expect(other.status()).toMatchObject({ cpus: expect.any(Number) });
  });

  it('names what a proxy must allow when it forbids events', async () => {
    await started();
    engine.answer(/^\/events/, (_request, response) => {
      response.writeHead(403).end('forbidden');
    });
    engine.cutStreams();
    await until(() => reason() === 'PermissionDenied');
    expect(runtime.status()).toMatchObject({ message: expect.stringContaining('EVENTS') });
  });

  it('follows a recreation: one target, deployed', async () => {
    const labels = {
      'com.docker.compose.project': 'shop',
      'com.docker.compose.service': 'web',
      'com.docker.compose.container-number': '1',
    };
    await started();
    engine.run('shop-web-1', { config: { Labels: labels, Image: 'app:1' }, image: 'sha256:1' });
    await until(() => runtime.targets().length === 1);
    engine.run('0123456789ab_shop-web-1', { config: { Labels: labels, Image: 'app:2' }, image: 'sha256:2' });
    engine.stop('shop-web-1');
    engine.remove('shop-web-1');
    await until(() => runtime.targets()[0]?.image === 'app:2');
    expect(runtime.targets().map((target) => target.id)).toEqual(['here/shop/web/1']);
    expect(await changesOf('here/shop/web/1')).toContain('deployed');
  });
});
