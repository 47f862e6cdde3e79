import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../../fake-clock.ts';
import { createSilentLog } from '../../log.ts';
import { createProblems } from '../../problems.ts';
import { buildEntry } from './build-entry.ts';
import { createLogs } from './logs.ts';

const canMount = mountWorks();

/** Small file systems need root and the right to mount. */
function mountWorks(): boolean {
  const dir = mkdtempSync(join(tmpdir(), 'foghorn-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', dir], { stdio: 'ignore' });
    execFileSync('umount', [dir]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'foghorn-disk-full-'));
  if (canMount) execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', dir]);
});

afterEach(() => {
  if (canMount) execFileSync('umount', [dir]);
  rmSync(dir, { recursive: true, force: true });
});

describe('logs on a full disk', () => {
  it.skipIf(!canMount && process.env['CI'] !== 'true')(
    'keep whole lines, say what to do, and resume by themselves when there is room',
    () => {
      expect(canMount, 'mounting a tmpfs needs root').toBe(true);
      const problems = createProblems({ clock: createFakeClock(), log: createSilentLog() });
      const logs = createLogs({ dir, maxBytes: 1_000_000, keepFiles: 1, problems, log: createSilentLog() });
      writeFileSync(join(dir, 'ballast'), Buffer.alloc(30_000));
      const round = Array.from({ length: 7 }, (_, n) => buildEntry({ name: `webapp-${n}` }));
      for (let n = 0; n < 40; n += 1) logs.write(round);

      expect(problems.list()).toMatchObject([{ key: 'logs', reason: 'DiskFull' }]);
      expect(problems.list()[0]?.message).toContain('free space there');
      const lost = logs.lostLines();
      expect(lost).toBeGreaterThan(0);
      for (const name of ['metrics.log', 'status.log', 'report.log']) {
        expect(readFileSync(join(dir, name), 'utf8')).toMatch(/(?:^|\n)$/);
      }

      rmSync(join(dir, 'ballast'));
      logs.write(round);
      expect(problems.list()).toEqual([]);
      expect(logs.lostLines()).toBe(lost);
      const metrics = readFileSync(join(dir, 'metrics.log'), 'utf8').split('\n').slice(0, -1);
      expect(
        metrics.filter((line) => !/^2024-01-13 \d\d:30:00 \| CPU: 45\.2% .* \| Container: webapp-\d$/.test(line)),
      ).toEqual([]);
      logs.stop();
    },
  );
});
