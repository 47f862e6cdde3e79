import { beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../fake-clock.ts';
import type { Alert, FiringAlert, PendingAlert, ResolvedAlert } from '../model/alert.ts';
import { createMemoryChronicle } from '../record/history/memory-chronicle.ts';
import { createChronicler, type Chronicler } from './chronicler.ts';

const identity = {
  key: 'default/web|cpu|local/web',
  policy: 'default/web',
  policyUid: 'u',
  rule: 'cpu',
  target: { id: 'local/web', host: 'local', namespace: '', name: 'web' },
} as const;
const untold = { count: 0, resolvedTold: false, flaps: 0 };
const base = {
  ...identity,
  severity: 'warning',
  message: 'CPU 85 %',
  actions: [],
  values: { cpu: 85 },
  levels: [],
  eventLike: false,
  pendingSince: 1000,
  notified: untold,
} as const;
const pending: PendingAlert = { ...base, state: 'pending' };
const firing: FiringAlert = { ...base, state: 'firing', firedAt: 2000 };
const resolved: ResolvedAlert = {
  ...base,
  state: 'resolved',
  firedAt: 2000,
  resolvedAt: 9000,
  resolvedReason: 'cleared',
};

const clock = createFakeClock(3000);
let chronicle = createMemoryChronicle();
let chronicler: Chronicler;
const sink = { save: async () => undefined, remove: async () => undefined };
const begin = (): Chronicler => createChronicler({ chronicle, sink, clock });
const stories = () => chronicle.episodes({ fromMs: 0, toMs: Infinity, limit: 10 });
const moments = async () =>
  (await stories()).flatMap((story) => story.moments.map(({ kind, reason }) => `${kind}: ${reason}`));
const save = async (...versions: readonly Alert[]): Promise<void> => {
  for (const alert of versions) await chronicler.save([alert]);
};

beforeEach(() => {
  chronicle = createMemoryChronicle();
  chronicler = begin();
});

describe('the story of a firing', () => {
  it('begins with the breach, and tells what was told, held back and taken over, by whom', async () => {
    const told = { ...untold, count: 1, lastAt: 2500, toldSeverity: 'warning' } as const;
    const reminded = { ...told, count: 2, lastAt: 6000 } as const;
    await save(
      pending,
      firing,
      { ...firing, notified: told },
      { ...firing, notified: told, acknowledgedBy: 'ann' },
      { ...firing, notified: told, silencedBy: 'works' },
      { ...firing, notified: reminded },
      { ...firing, notified: reminded, severity: 'critical', message: 'CPU 97 %' },
      { ...resolved, notified: reminded },
      { ...resolved, notified: { ...reminded, count: 3, lastAt: 9500, resolvedTold: true } },
    );
    expect(await moments()).toEqual([
      'pending: CPU 85 %',
      'fired: CPU 85 %',
      'told: first',
      'acknowledged: ann',
      'silenced: works',
      'unacknowledged: ann',
      'unsilenced: works',
      'told: reminder',
      'escalated: CPU 97 %',
      'resolved: cleared',
      'told: resolved',
    ]);
    expect(await stories()).toMatchObject([
      { severity: 'critical', firedAt: 2000, resolvedAt: 9000, notifications: 3 },
    ]);
  });

  it('is not written for a breach that never fired', async () => {
    await save(pending);
    await chronicler.remove([pending]);
    expect(await stories()).toEqual([]);
  });

  it('is one for each firing', async () => {
    await save(firing, resolved, { ...firing, firedAt: 20_000, pendingSince: 19_000 });
    expect((await stories()).map(({ firedAt, resolvedAt }) => [firedAt, resolvedAt])).toEqual([
      [20_000, undefined],
      [2000, 9000],
    ]);
  });

  it('ends with the policy that told it', async () => {
    await save(firing);
    await chronicler.remove([firing]);
    expect(await stories()).toMatchObject([{ resolvedAt: 3000, resolvedReason: 'policyGone' }]);
  });

  it('goes on after a restart, and ends for an alert that is gone by then', async () => {
    await save(firing, { ...firing, key: 'gone' });
    chronicler = begin();
    await chronicler.resume([firing]);
    await save({ ...firing, silencedBy: 'works' });
    expect(await stories()).toMatchObject([
      { key: identity.key, moments: [{ kind: 'pending' }, { kind: 'fired' }, { kind: 'silenced' }] },
      { key: 'gone', resolvedReason: 'unknown' },
    ]);
  });

  it('keeps how it began and what happened last when it is long', async () => {
    await save(firing);
    for (let turn = 0; turn < 100; turn += 1)
      await save({ ...firing, ...(turn % 2 === 0 && { silencedBy: `s${turn}` }) });
    const all = await moments();
    expect(all).toHaveLength(60);
    expect(all[0]).toBe('pending: CPU 85 %');
    expect(all.at(-1)).toBe('unsilenced: s98');
  });
});
