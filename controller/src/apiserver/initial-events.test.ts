import { describe, expect, it } from 'vitest';
import { silences, type WatchEvent } from '../kube/client.ts';
import { openTestApi, silence } from './test-api.ts';

const MANY = 1201;

async function take(events: AsyncIterable<WatchEvent>, count: number, onEvent?: (index: number) => void) {
  const taken: WatchEvent[] = [];
  for await (const event of events) {
    taken.push(event);
    onEvent?.(taken.length);
    if (taken.length === count) break;
  }
  return taken;
}

const shown = (event: WatchEvent): string =>
  event.type === 'BOOKMARK' ? event.type : `${event.type} ${event.object.metadata.name}`;

describe('a watch without a version', () => {
  it('first tells of all that is there, then of what changes', async () => {
    const { api } = await openTestApi();
    api.create(silences, 'default', silence('a'));
    const signal = AbortSignal.timeout(5000);
    const events = api.watch(silences, { signal, markInitialEnd: true });
    const taken = await take(events, 3, (index) => {
      if (index === 2) api.create(silences, 'default', silence('b'));
    });
    expect(taken.map(shown)).toEqual(['ADDED a', 'BOOKMARK', 'ADDED b']);
    expect(taken[1]).toMatchObject({ endsInitialEvents: true, resourceVersion: '2' });
  });

  it('tells a slow reader the truth about objects that change while it reads', async () => {
    const { api } = await openTestApi();
    for (let index = 0; index < MANY; index += 1) {
      api.create(silences, 'default', silence(`s${String(index).padStart(4, '0')}`));
    }
    const signal = AbortSignal.timeout(9000);
    const taken = await take(api.watch(silences, { signal, markInitialEnd: true }), MANY + 1, (index) => {
      if (index !== 10) return;
      api.delete(silences, { namespace: 'default', name: 's0001' });
      api.delete(silences, { namespace: 'default', name: 's1100' });
      api.create(silences, 'default', silence('zz'));
    });
    const names = taken.map(shown);
    expect(names.slice(0, -1).filter((name) => name === 'DELETED s0001')).toHaveLength(1);
    expect(names).not.toContain('ADDED s1100');
    expect(names).not.toContain('DELETED s1100');
    expect(names).toContain('ADDED zz');
    expect(new Set(names).size).toBe(names.length);
  });
});
