import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock, type FakeClock } from '../../../fake-clock.ts';
import { createSilentLog } from '../../../log.ts';
import type { Sample } from '../../../model/metrics.ts';
import { createProblems, type Problems } from '../../../problems.ts';
import { chronicleContract } from '../chronicle-contract.ts';
import { historyContract } from '../history-contract.ts';
import type { StoredHistory } from '../stored-history.ts';
import { createSqliteHistory } from './sqlite-history.ts';

let dir: string;
let file: string;
let clock: FakeClock;
let problems: Problems;
let start: number;
let open: StoredHistory[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'foghorn-history-'));
  file = join(dir, 'data', 'history.db');
  clock = createFakeClock();
  start = clock.now();
  problems = createProblems({ clock, log: createSilentLog() });
});

afterEach(async () => {
  await Promise.all(open.map((history) => history.close()));
  open = [];
  rmSync(dir, { recursive: true, force: true });
});

function begin(path = file): StoredHistory {
  const history = createSqliteHistory({ file: path, clock, problems, log: createSilentLog() });
  open.push(history);
  return history;
}

function sample(secondsAfterStart: number, cpu = 1): Sample {
  return { targetId: 'web', at: start + secondsAfterStart * 1000, values: { cpu, up: 1 } };
}

async function points(history: StoredHistory): Promise<number> {
  const request = { targetId: 'web', metric: 'cpu', fromMs: start, toMs: clock.now(), maxPoints: 20_000 } as const;
  return (await history.query(request)).points.length;
}

historyContract('sqlite', async () => ({ clock, history: begin() }));
chronicleContract('sqlite', async () => begin().chronicle);

describe('sqlite history', () => {
  it('has after a restart what it had before', async () => {
    const before = begin();
    before.append([sample(0), sample(1)]);
    await before.close();
    await clock.advance(1000);
    const after = begin();
    expect(await points(after)).toBe(2);
    expect(await after.seenRunning(start)).toEqual(['web']);
  });

  it('writes by itself, in batches', async () => {
    const history = begin();
    history.append([sample(0)]);
    await clock.advance(6000);
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(0);
    expect(problems.list()).toEqual([]);
  });

  it('refuses a second opener with a clear line, keeps samples meanwhile, and takes over when the first goes', async () => {
    const first = begin();
    const second = begin();
    expect(problems.list()).toMatchObject([{ key: 'history', reason: 'Locked' }]);
    expect(problems.list()[0]?.message).toContain('stop the other controller');
    second.append([sample(0)]);
    expect(await points(second)).toBe(0);
    expect(await second.seenRunning(0)).toEqual([]);
    await first.close();
    await clock.advance(120_000);
    expect(await points(second)).toBe(1);
    expect(problems.list()).toEqual([]);
  });

  it.each([
    ['rubbish', () => writeFileSync(file, 'x'.repeat(10_000))],
    ['of another layout', () => execFileSync('node', ['-e', foreignLayout(file)], { stdio: 'ignore' })],
  ])('moves a file aside that is %s, says so for a while, and begins anew', async (_, damage) => {
    mkdirSync(join(dir, 'data'));
    damage();
    const history = begin();
    history.append([sample(0)]);
    expect(problems.list()).toMatchObject([{ key: 'history', reason: 'Damaged' }]);
    expect(problems.list()[0]?.message).toContain(`${file}.unusable`);
    expect(existsSync(`${file}.unusable`)).toBe(true);
    await clock.advance(10_000);
    expect(await points(history)).toBe(1);
    expect(problems.list()).toHaveLength(1);
    await clock.advance(600_000);
    expect(problems.list()).toEqual([]);
  });

  it('begins anew when pages of a running file are damaged', async () => {
    const first = begin();
    for (let n = 0; n < 3000; n += 1) first.append([sample(n)]);
    await first.close();
    const bytes = readFileSync(file);
    bytes.fill(0xff, 4096 * 2);
    writeFileSync(file, bytes);
    await clock.advance(3_600_000);
    const history = begin();
    history.append([sample(3500)]);
    await clock.advance(60_000);
    expect(await points(history)).toBe(1);
    expect(problems.list()).toMatchObject([{ reason: 'Damaged' }]);
  });

  it('makes a new file when somebody deletes it', async () => {
    const history = begin();
    history.append([sample(0)]);
    await clock.advance(6000);
    rmSync(join(dir, 'data'), { recursive: true });
    await clock.advance(6000);
    history.append([sample(6)]);
    await clock.advance(6000);
    expect(existsSync(file)).toBe(true);
    expect(await points(history)).toBe(1);
  });

  it('keeps the newest samples when the file is away for long, counts the others, and heals', async () => {
    mkdirSync(join(dir, 'data'));
    mkdirSync(file);
    const history = begin();
    expect(problems.list()).toMatchObject([{ key: 'history', reason: 'NoAccess' }]);
    for (let n = 0; n < 12_000; n += 1) history.append([sample(n)]);
    expect(history.droppedSamples()).toBe(2000);
    rmSync(file, { recursive: true });
    await clock.advance(12_000_000);
    expect(await points(history)).toBe(10_000);
    expect(problems.list()).toEqual([]);
  });

  it('tries again soon when the clock was set back while it waited', async () => {
    const first = begin();
    const second = begin();
    await clock.advance(300_000);
    clock.jump(-86_400_000);
    await first.close();
    await clock.advance(5000);
    second.append([sample(0)]);
    await clock.advance(5000);
    expect(problems.list()).toEqual([]);
  });

  it('stops taking samples and answers empty after close', async () => {
    const history = begin();
    history.append([sample(0)]);
    await history.close();
    history.append([sample(1)]);
    expect(await points(history)).toBe(0);
    expect(await history.seenRunning(0)).toEqual([]);
  });
});

function foreignLayout(path: string): string {
  return `new (require('node:sqlite').DatabaseSync)(${JSON.stringify(path)}).exec('PRAGMA user_version = 99; CREATE TABLE t (a)')`;
}
