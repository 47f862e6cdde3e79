import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../fake-clock.ts';
import { createSilentLog } from '../../../log.ts';
import { createProblems } from '../../../problems.ts';
import { createSqliteHistory } from './sqlite-history.ts';

const dir = mkdtempSync(join(tmpdir(), 'foghorn-history-full-'));
let mounted = false;

beforeEach(() => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', dir], { stdio: 'ignore' });
    mounted = true;
  } catch {
    mounted = false;
  }
});

afterEach(() => {
  if (mounted) execFileSync('umount', [dir]);
  rmSync(dir, { recursive: true, force: true });
});

describe('sqlite history on a full disk', () => {
  it('says what to do, answers empty or old, and goes on by itself when there is room', async ({ skip }) => {
    if (!mounted && process.env['CI'] !== 'true') skip('mounting a tmpfs needs root');
    expect(mounted, 'mounting a tmpfs needs root').toBe(true);
    const clock = createFakeClock();
    const problems = createProblems({ clock, log: createSilentLog() });
    const history = createSqliteHistory({ file: join(dir, 'history.db'), clock, problems, log: createSilentLog() });
    writeFileSync(join(dir, 'ballast'), Buffer.alloc(8_000_000));
    const start = clock.now();
    const add = (from: number, to: number): void => {
      for (let n = from; n < to; n += 1)
        history.append([{ targetId: 'web', at: start + n * 1000, values: { cpu: n } }]);
    };

    add(0, 9000);
    clock.jump(9_000_000);
    for (let n = 0; n < 20; n += 1) await clock.advance(5000);
    expect(problems.list()).toMatchObject([{ key: 'history', reason: 'DiskFull' }]);
    expect(problems.list()[0]?.message).toContain('free space there');

    rmSync(join(dir, 'ballast'));
    for (let n = 0; n < 20; n += 1) await clock.advance(5000);
    expect(problems.list()).toEqual([]);
    const request = { targetId: 'web', metric: 'cpu', fromMs: start, toMs: clock.now(), maxPoints: 20_000 } as const;
    expect((await history.query(request)).points).toHaveLength(9000);
    expect(history.droppedSamples()).toBe(0);
    await history.close();
  });
});
