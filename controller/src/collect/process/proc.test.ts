import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseHostStat,
  parseMemoryTotal,
  parsePid,
  parseProcessIo,
  parseProcessMemory,
  parseProcessStat,
  parseUptimeMs,
} from './proc.ts';

const fields =
  'S 1200 23170 17487 0 -1 4194304 99 0 0 0 250 50 30 20 20 0 11 0 119669 3133440 414 18446744073709551615';

describe('parseProcessStat', () => {
  const expected = { pid: 23_170, parentPid: 1200, state: 'S', cpuTicks: 350, threads: 11, startTicks: 119_669 };

  it.each(['node', 'my app', 'a) S 1 (b', '', '((', '\n'])('reads the fields after the name %j', (name) => {
    expect(parseProcessStat(`23170 (${name}) ${fields}\n`)).toEqual(expected);
  });

  it.each([
    '',
    '23170',
    '23170 (node)',
    '23170 (node) S 1200',
    `x (node) ${fields}`,
    `1 (node) ${fields.replace('11', 'x')}`,
  ])('refuses %j', (text) => {
    expect(parseProcessStat(text)).toBeUndefined();
  });

  it('reads a name of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(parseProcessStat(`23170 (${name}) ${fields}`)).toEqual(expected);
      }),
    );
  });
});

describe('parseProcessMemory', () => {
  const status =
    'Name:\tnode\nVmRSS:\t    2076 kB\nRssAnon:\t     148 kB\nRssFile:\t    1928 kB\nRssShmem:\t       4 kB\n';
  it.each([
    ['tells own from shared pages', status, { ownBytes: 148 * 1024, sharedBytes: 1932 * 1024 }],
    ['counts all as own on an old kernel', 'VmRSS:\t    2076 kB\n', { ownBytes: 2076 * 1024, sharedBytes: 0 }],
    ['knows nothing of a kernel thread', 'Name:\tkthreadd\nState:\tS (sleeping)\n', undefined],
  ])('%s', (_what, text, expected) => {
    expect(parseProcessMemory(text)).toEqual(expected);
  });
});

describe('the other files', () => {
  const io =
    'rchar: 6976\nwchar: 5\nsyscr: 10\nsyscw: 0\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 0\n';
  const stat =
    'cpu  12624 0 8055\ncpu0 5174 0 3377\ncpu1 7450 0 4678\nintr 1 2\nctxt 5\nbtime 1795000000\nprocesses 9\n';
  it.each([
    ['io', parseProcessIo(io), { readBytes: 4096, writtenBytes: 8192 }],
    ['io without its lines', parseProcessIo('rchar: 1\n'), undefined],
    ['stat', parseHostStat(stat), { cpus: 2, bootedAt: 1_795_000_000_000 }],
    ['stat without CPUs', parseHostStat('btime 1795000000\n'), undefined],
    ['stat without boot time', parseHostStat('cpu0 1 2\n'), undefined],
    ['meminfo', parseMemoryTotal('MemTotal:       24684084 kB\nMemFree: 1 kB\n'), 24_684_084 * 1024],
    ['uptime', parseUptimeMs('1196.69 2163.52\n'), 1_196_690],
    ['uptime that is none', parseUptimeMs('x'), undefined],
    ['a pid', parsePid('1234'), 1234],
    ['a pid with a line end', parsePid(' 1234 \n'), 1234],
    ['the pid of Postgres', parsePid('1234\n/data\n1795000000\n5432\n'), 1234],
    ['no pid', parsePid(''), undefined],
    ['pid 0', parsePid('0\n'), undefined],
    ['a negative pid', parsePid('-1\n'), undefined],
    ['text', parsePid('12 monkeys\n'), undefined],
  ])('reads %s', (_what, value, expected) => {
    expect(value).toEqual(expected);
  });
});
