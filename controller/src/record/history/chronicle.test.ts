import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createFakeClock } from '../../fake-clock.ts';
import { createSilentLog } from '../../log.ts';
import { buildEpisode } from '../../model/builders.ts';
import { createProblems } from '../../problems.ts';
import type { Chronicle } from './chronicle.ts';
import { createMemoryChronicle } from './memory-chronicle.ts';
import { createSqliteHistory } from './sqlite.ts';
import { openStore } from './store.ts';
import { defaultTiers } from './tiers.ts';

const dir = mkdtempSync(join(tmpdir(), 'foghorn-chronicle-'));
const ends: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(ends.map((end) => end()));
  rmSync(dir, { recursive: true });
});
let files = 0;

function createFile(): Chronicle {
  const clock = createFakeClock();
  const log = createSilentLog();
  const file = join(dir, `${(files += 1)}.db`);
  const history = createSqliteHistory({ file, clock, log, problems: createProblems({ clock, log }) });
  ends.push(() => history.close());
  return history.chronicle;
}

describe.each([
  ['in memory', createMemoryChronicle],
  ['in a file', createFile],
])('a chronicle %s', (_name, create) => {
  const web = buildEpisode({ id: 'a@20', pendingSince: 10, firedAt: 20, resolvedAt: 50, resolvedReason: 'cleared' });
  const db = buildEpisode({ id: 'b@30', target: { ...web.target, id: 'local/db' }, pendingSince: 30, firedAt: 30 });

  it('gives back the firings that overlap a time, newest first', async () => {
    const chronicle = create();
    chronicle.keep(web);
    chronicle.keep(db);
    expect(await chronicle.episodes({ fromMs: 0, toMs: 100, limit: 10 })).toEqual([db, web]);
    expect(await chronicle.episodes({ fromMs: 51, toMs: 100, limit: 10 })).toEqual([db]);
    expect(await chronicle.episodes({ fromMs: 0, toMs: 29, limit: 10 })).toEqual([web]);
    expect(await chronicle.episodes({ targetId: web.target.id, fromMs: 0, toMs: 100, limit: 10 })).toEqual([web]);
    expect(await chronicle.episodes({ fromMs: 0, toMs: 100, limit: 1 })).toEqual([db]);
    expect(await chronicle.openEpisodes(10)).toEqual([db]);
  });

  it('knows a firing as it was told last', async () => {
    const chronicle = create();
    chronicle.keep(db);
    expect(await chronicle.openEpisodes(10)).toHaveLength(1);
    chronicle.keep({ ...db, resolvedAt: 40, resolvedReason: 'cleared' });
    expect(await chronicle.openEpisodes(10)).toEqual([]);
    expect(await chronicle.episodes({ fromMs: 0, toMs: 100, limit: 10 })).toMatchObject([{ resolvedAt: 40 }]);
  });

  it('keeps what happened to a target once, oldest first, and the newest of too many', async () => {
    const chronicle = create();
    const crash = { targetId: 'local/web', at: 10, kind: 'crashed', exitCode: 137 } as const;
    const deploy = { targetId: 'local/web', at: 20, kind: 'deployed', detail: 'web:1 -> web:2' } as const;
    chronicle.mark([deploy, crash, { ...crash, targetId: 'local/db' }]);
    chronicle.mark([crash]);
    expect(await chronicle.marks({ targetId: 'local/web', fromMs: 0, toMs: 100, limit: 10 })).toEqual([crash, deploy]);
    expect(await chronicle.marks({ targetId: 'local/web', fromMs: 0, toMs: 100, limit: 1 })).toEqual([deploy]);
    expect(await chronicle.marks({ targetId: 'local/web', fromMs: 11, toMs: 19, limit: 10 })).toEqual([]);
  });
});

it('forgets what is older than ninety days, and the oldest of too many', () => {
  const store = openStore(join(dir, 'prune.db'), defaultTiers);
  const day = 86_400_000;
  const now = 200 * day;
  const target = { targetId: 'local/web', kind: 'restarted' } as const;
  store.note(
    [
      buildEpisode({ id: 'old', pendingSince: 1, firedAt: 1, resolvedAt: 2 }),
      buildEpisode({ id: 'open', pendingSince: 1, firedAt: 1 }),
      ...Array.from({ length: 20_010 }, (_, index) =>
        buildEpisode({ id: `n${index}`, pendingSince: now - day + index, firedAt: now, resolvedAt: now - day + index }),
      ),
    ],
    [
      { ...target, at: 1 },
      { ...target, at: now - day },
    ],
  );
  const steps = store.prune(now);
  while (steps.next().done !== true);
  const left = store.chronicle.episodes({ fromMs: 0, toMs: now, limit: 30_000 });
  expect(left).toHaveLength(20_000);
  expect(left.at(-1)?.id).toBe('open');
  expect(store.chronicle.marks({ targetId: 'local/web', fromMs: 0, toMs: now, limit: 10 })).toHaveLength(1);
  store.close();
});
