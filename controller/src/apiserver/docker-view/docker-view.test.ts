import { beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock, type FakeClock } from '../../fake-clock.ts';
import type { KubeObject, WatchEvent } from '../../kube/client.ts';
import { buildTarget } from '../../model/builders.ts';
import type { Container } from '../../model/container.ts';
import type { HostStatus } from '../../model/host.ts';
import type { Selection, WatchOptions } from '../operations.ts';
import { buildContainer } from './builders.ts';
import { createDockerView } from './docker-view.ts';
import type { ReadOnlyKind } from './listed-kind.ts';
import type { Reading } from './reader.ts';

const noLogs = () => Promise.reject(new Error('not asked here'));
const MAX_CHANGES = 1000;

let clock: FakeClock;
let containers: readonly Container[];
let hosts: readonly HostStatus[];
let readings: readonly Reading[];
let view: ReturnType<typeof createDockerView>;

const named = (name: string, overrides: Partial<Container> = {}, namespace = ''): Container =>
  buildContainer({ target: buildTarget({ name, namespace, labels: { app: name } }), ...overrides });

beforeEach(() => {
  clock = createFakeClock();
  containers = [named('web', {}, 'shop'), named('db', { state: 'exited', exitCode: 1 })];
  hosts = [{ host: 'local', runtime: 'docker', since: 0, reachable: false, reason: 'Starting', message: 'not yet' }];
  readings = [{ targetId: 'local/web', at: clock.now(), windowMs: 30_000, cpuCores: 1, memoryBytes: 1024 }];
  const reader = { containers: () => containers, hosts: () => hosts, readings: () => readings, logs: noLogs };
  view = createDockerView({ reader, clock });
});

function kind(name: string): ReadOnlyKind {
  const found = view.kinds.find(({ definition }) => definition.resource.kind === name);
  if (found === undefined) throw new Error(`no kind ${name}`);
  return found;
}

const namesOf = (objects: readonly KubeObject[]): readonly string[] =>
  objects.map(({ metadata }) => (metadata.namespace === undefined ? '' : `${metadata.namespace}/`) + metadata.name);

function watch(options: Omit<WatchOptions, 'signal'>): AsyncIterator<WatchEvent> {
  const events = kind('Pod').watch?.({ ...options, signal: client.signal });
  if (events === undefined) throw new Error('pods can be watched');
  return events[Symbol.asyncIterator]();
}

let client: AbortController;
beforeEach(() => {
  client = new AbortController();
});

/** The next event, while seconds pass. */
async function next(events: AsyncIterator<WatchEvent>): Promise<string> {
  const arrived = new AbortController();
  const event = events.next().finally(() => {
    arrived.abort();
  });
  for (let seconds = 0; seconds < 120 && !arrived.signal.aborted; seconds += 1) await clock.advance(1000);
  const { value, done } = await event;
  if (done === true) return 'end';
  return value.type === 'BOOKMARK' ? `BOOKMARK${value.endsInitialEvents === true ? ' end' : ''}` : told(value);
}

function told({ type, object }: Extract<WatchEvent, { object: KubeObject }>): string {
  return `${type} ${object.metadata.name}`;
}

describe('the kinds of the Docker view', () => {
  it.each([
    ['Pod', 'pods', '', ['get', 'list', 'watch'], ['default/db', 'shop/web']],
    ['Node', 'nodes', '', ['get', 'list', 'watch'], ['local']],
    ['PodMetrics', 'pods', 'metrics.k8s.io', ['get', 'list'], ['shop/web']],
    ['NodeMetrics', 'nodes', 'metrics.k8s.io', ['get', 'list'], ['local']],
  ])('has %s', (name, plural, group, verbs, names) => {
    const { definition, list } = kind(name);
    expect(definition.resource).toMatchObject({ plural, group });
    expect(definition.verbs).toEqual(verbs);
    expect(namesOf(list().items)).toEqual(names);
  });

  it.each<readonly [Selection, readonly string[]]>([
    [{ namespace: 'shop' }, ['shop/web']],
    [{ namespace: 'nowhere' }, []],
    [{ labelSelector: 'app in (db)' }, ['default/db']],
    [{ fieldSelector: 'metadata.name=web' }, ['shop/web']],
    [{ fieldSelector: 'metadata.namespace!=shop' }, ['default/db']],
    [{ fieldSelector: 'spec.nodeName=local,status.phase=Unknown' }, ['default/db', 'shop/web']],
    [{ fieldSelector: 'status.phase=Running' }, []],
  ])('lists pods by %j', (selection, names) => {
    expect(namesOf(kind('Pod').list(selection).items)).toEqual(names);
  });

  it('refuses a field selector that it does not know', () => {
    expect(() => watch({ fieldSelector: 'spec.image=x' })).toThrow('field label not supported: spec.image');
    expect(() => kind('Pod').list({ fieldSelector: 'spec.image=x' })).toThrow('field label not supported: spec.image');
  });

  it('gets one pod, and says what is not there', () => {
    expect(kind('Pod').get('shop', 'web').metadata.resourceVersion).toMatch(/^\d+$/);
    expect(() => kind('Pod').get('default', 'web')).toThrow('pods "web" not found');
    expect(() => kind('NodeMetrics').get('', 'x')).toThrow('nodes.metrics.k8s.io "x" not found');
  });

  it('shows no pod for a container that is only expected', () => {
    containers = [named('web', { state: 'missing' })];
    expect(kind('Pod').list().items).toEqual([]);
  });

  it('gives a changed pod a higher version, and an unchanged one its old', async () => {
    const before = kind('Pod').get('shop', 'web').metadata.resourceVersion;
    await clock.advance(1000);
    expect(kind('Pod').get('shop', 'web').metadata.resourceVersion).toBe(before);
    containers = [named('web', { restarts: 1 }, 'shop')];
    await clock.advance(1000);
    const after = kind('Pod').get('shop', 'web').metadata.resourceVersion;
    expect(Number(after)).toBeGreaterThan(Number(before));
    expect(Number(kind('Pod').list().resourceVersion)).toBeGreaterThanOrEqual(Number(after));
  });
});

describe('a watch of pods', () => {
  it('tells of what comes, changes and goes after the version', async () => {
    const events = watch({ resourceVersion: kind('Pod').list().resourceVersion });
    const first = next(events);
    containers = [...containers, named('new')];
    expect(await first).toBe('ADDED new');
    containers = [named('web', { restarts: 1 }, 'shop'), named('new')];
    expect([await next(events), await next(events)]).toEqual(['DELETED db', 'MODIFIED web']);
  });

  it('begins with all that is there when no version is given, and marks the end of that', async () => {
    const events = watch({ markInitialEnd: true });
    expect([await next(events), await next(events), await next(events)]).toEqual([
      'ADDED web',
      'ADDED db',
      'BOOKMARK end',
    ]);
  });

  it('sees an object that begins and ceases to be asked for come and go', async () => {
    const events = watch({ resourceVersion: kind('Pod').list().resourceVersion, labelSelector: 'tier=front' });
    const first = next(events);
    const web = named('web', {}, 'shop');
    containers = [{ ...web, target: { ...web.target, labels: { tier: 'front' } } }];
    expect(await first).toBe('ADDED web');
    containers = [web];
    expect(await next(events)).toBe('DELETED web');
  });

  it('sends a bookmark about once a minute when asked to', async () => {
    const events = watch({ resourceVersion: kind('Pod').list().resourceVersion, bookmarks: true });
    const before = clock.now();
    expect(await next(events)).toBe('BOOKMARK');
    expect(clock.now() - before).toBeLessThan(65_000);
  });

  it('ends with its signal', async () => {
    const events = watch({ resourceVersion: kind('Pod').list().resourceVersion });
    const end = next(events);
    client.abort();
    expect(await end).toBe('end');
  });

  it('goes on from the version of each event, without a gap', async () => {
    const { resourceVersion } = kind('Pod').list();
    containers = [named('a'), named('b')];
    await clock.advance(1000);
    const events = watch({ resourceVersion });
    const seen = [await next(events), await next(events), await next(events)];
    expect(seen).toEqual(['DELETED web', 'DELETED db', 'ADDED a']);
    const resumed = watch({ resourceVersion: kind('Pod').get('default', 'a').metadata.resourceVersion ?? '' });
    expect(await next(resumed)).toBe('ADDED b');
  });

  it.each(['0', '1'])(
    'is told to list again from version %s, which is of an earlier process',
    async (resourceVersion) => {
      kind('Pod').list();
      await expect(watch({ resourceVersion }).next()).rejects.toMatchObject({ code: 'Gone' });
    },
  );

  it('is told to list again when it fell behind what is remembered', async () => {
    const { resourceVersion } = kind('Pod').list();
    for (let changes = 0; changes < MAX_CHANGES; changes += 100) {
      containers = Array.from({ length: 100 }, (_, index) => named(`c${changes + index}`));
      await clock.advance(1000);
      kind('Pod').list();
    }
    await expect(watch({ resourceVersion }).next()).rejects.toMatchObject({ code: 'Gone' });
  });
});
