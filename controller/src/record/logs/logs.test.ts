import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../../fake-clock.ts';
import { createSilentLog } from '../../log.ts';
import { createProblems, type Problems } from '../../problems.ts';
import { buildEntry } from './build-entry.ts';
import { createLogs, type Logs, type LogsOptions } from './logs.ts';

let dir: string;
let problems: Problems;
const opened: Logs[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'foghorn-logs-'));
  problems = createProblems({ clock: createFakeClock(), log: createSilentLog() });
});

afterEach(() => {
  for (const logs of opened.splice(0)) logs.stop();
  rmSync(dir, { recursive: true, force: true });
});

function open(options: Partial<LogsOptions> = {}): Logs {
  const logs = createLogs({ dir, maxBytes: 100_000, keepFiles: 2, problems, log: createSilentLog(), ...options });
  opened.push(logs);
  return logs;
}

const linesOf = (name: string): string[] => readFileSync(join(dir, name), 'utf8').split('\n').slice(0, -1);
const web = { host: 'local', name: 'webapp' };
const db = { host: 'local', name: 'db' };
const second = (n: number): number => Date.UTC(2024, 0, 13, 10, 30, n);

describe('logs', () => {
  it('writes a line a container into metrics.log and status.log, and a block into report.log', () => {
    const logs = open();
    logs.write([buildEntry(), buildEntry({ name: 'db' })]);
    expect(linesOf('metrics.log')).toHaveLength(2);
    expect(linesOf('status.log')).toHaveLength(2);
    expect(linesOf('report.log').filter((line) => line === '---')).toHaveLength(2);
  });

  it('gives the last entries of one container from both logs, oldest first', () => {
    const logs = open();
    for (const n of [1, 2, 3]) logs.write([buildEntry({ at: second(n) }), buildEntry({ name: 'db', at: second(n) })]);
    const entries = logs.recentEntries(web, 3);
    expect(entries.map((line) => [line.slice(17, 19), line.includes('CPU:') ? 'metrics' : 'status'])).toEqual([
      ['02', 'status'],
      ['03', 'metrics'],
      ['03', 'status'],
    ]);
    expect(logs.recentEntries(db, 100)).toHaveLength(6);
    expect(logs.recentEntries({ host: 'local', name: 'nobody' }, 10)).toEqual([]);
    expect(logs.recentLines('status', 2, web)).toHaveLength(2);
    expect(logs.recentLines('status', 9, web).every((line) => line.includes('Name: webapp'))).toBe(true);
    expect(logs.recentLines('metrics', 9, web).every((line) => line.includes('CPU:'))).toBe(true);
    expect(logs.recentEntries(web, 0)).toEqual([]);
  });

  it('keeps containers of one name on two hosts apart', () => {
    const logs = open({ showHost: true });
    logs.write([buildEntry({ host: 'a' }), buildEntry({ host: 'b', state: 'exited' })]);
    expect(logs.recentEntries({ host: 'b', name: 'webapp' }, 10).at(-1)).toContain('DOWN');
    expect(logs.recentEntries({ host: 'a', name: 'webapp' }, 10)).toHaveLength(2);
    expect(open({ showHost: true }).recentEntries({ host: 'b', name: 'webapp' }, 10)).toHaveLength(2);
  });

  it('gives the last lines of a log', () => {
    const logs = open();
    for (let n = 0; n < 250; n += 1) logs.write([buildEntry({ at: second(n) })]);
    expect(logs.recentLines('status', 10)).toEqual(linesOf('status.log').slice(-10));
    expect(logs.recentLines('metrics', 1000)).toHaveLength(200);
  });

  it('remembers after a restart what the files hold, over a rotation too', () => {
    const before = open();
    for (const n of [1, 2, 3]) before.write([buildEntry({ at: second(n) }), buildEntry({ name: 'db', at: second(n) })]);
    for (const name of ['metrics.log', 'status.log']) renameSync(join(dir, name), join(dir, `${name}.1`));
    before.write([buildEntry({ at: second(4) })]);
    const after = open();
    expect(after.recentEntries(web, 40)).toEqual(before.recentEntries(web, 40));
    expect(after.recentEntries(db, 40)).toHaveLength(6);
    expect(after.recentLines('metrics', 100)).toEqual(before.recentLines('metrics', 100));
  });

  it('takes nothing from a file but whole lines of its format, without control characters', () => {
    const good = '2024-01-13 10:30:00 | CPU: 1.0% | Memory: - | Latency: - | Container: webapp';
    writeFileSync(
      join(dir, 'metrics.log'),
      `noise\n${good}\n\u001b[2J${good}\n${good} | New: \u001b[31m\n${good.slice(0, 50)}`,
    );
    expect(open().recentEntries(web, 10)).toEqual([good, `${good} | New: _[31m`]);
  });

  it('says once what is wrong, counts what is lost, goes on serving recent entries, and heals by itself', () => {
    rmSync(dir, { recursive: true });
    writeFileSync(dir, 'a file in the place of the folder');
    const logs = open();
    logs.write([buildEntry()]);
    logs.write([buildEntry()]);
    expect(problems.list()).toMatchObject([{ key: 'logs', reason: 'WriteFailed' }]);
    expect(logs.lostLines()).toBe(2 * (1 + 1 + 9));
    expect(logs.recentEntries(web, 10)).toHaveLength(4);
    rmSync(dir);
    logs.write([buildEntry()]);
    expect(problems.list()).toEqual([]);
    expect(linesOf('metrics.log')).toHaveLength(1);
    expect(logs.lostLines()).toBe(22);
  });

  it('says that it cannot rotate while it goes on', () => {
    mkdirSync(join(dir, 'metrics.log.1'));
    const logs = open({ maxBytes: 100, keepFiles: 1 });
    for (const n of [1, 2]) logs.write([buildEntry({ at: second(n) })]);
    expect(problems.list()).toMatchObject([{ key: 'logs', reason: 'RotationFailed' }]);
    expect(linesOf('metrics.log')).toHaveLength(2);
  });

  it('is silent after stop, and stops twice', () => {
    const logs = open();
    logs.stop();
    logs.stop();
    logs.write([buildEntry()]);
    expect(logs.recentLines('metrics', 10)).toEqual([]);
  });

  it('goes on in a new file after reopen', () => {
    const logs = open();
    logs.write([buildEntry()]);
    renameSync(join(dir, 'status.log'), join(dir, 'status.log.1'));
    logs.reopen();
    logs.write([buildEntry()]);
    expect(linesOf('status.log')).toHaveLength(1);
  });
});
