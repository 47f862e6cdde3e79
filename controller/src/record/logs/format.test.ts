import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContainerObservation, ProbeResult } from '../../model/observation.ts';
import { buildEntry } from './build-entry.ts';
import { cleanText, localTime, metricsLine, reportBlock, statusLine, type LogEntry } from './format.ts';
import { parseEntry } from './recent.ts';

const one = { showHost: false };
const several = { showHost: true };
const timeZone = process.env['TZ'];

beforeEach(() => {
  process.env['TZ'] = 'UTC';
});

afterEach(() => {
  if (timeZone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = timeZone;
});

const database: ProbeResult = { protocol: 'postgres', at: 0, up: true, latencyMs: 3.2, value: 1042 };
const noAnswer: ProbeResult = { protocol: 'http', at: 0, up: false, error: { kind: 'timeout', message: 'timed out' } };

function unreachable(): LogEntry {
  const { target } = buildEntry().observation;
  const at = Date.UTC(2024, 0, 13, 10, 30, 0);
  return { observation: { kind: 'unreachable', at, target, reason: 'Timeout', message: '', probes: {} } };
}

describe('the lines of a running container', () => {
  it('are those of the original system', () => {
    expect(metricsLine(buildEntry(), one)).toBe(
      '2024-01-13 10:30:00 | CPU: 45.2% | Memory: 52.1% | Latency: 0.234s | Container: webapp',
    );
    expect(statusLine(buildEntry(), one)).toBe(
      '2024-01-13 10:30:00 | Container: UP | HTTP: 200 | Name: webapp | Restarts: 0',
    );
    expect(reportBlock(buildEntry(), one)).toBe(
      [
        '[2024-01-13 10:30:00]',
        'Container: webapp',
        'Status: UP',
        'CPU Usage: 45.2%',
        'Memory: 266.8MiB / 512MiB (52.1%)',
        'HTTP Response: 200',
        'Latency: 0.234s',
        'Restarts: 0',
        '---',
      ].join('\n'),
    );
  });

  it('tell requests a second and the database where there are such', () => {
    const entry = { ...buildEntry({ probes: { database } }), requestsPerSecond: 50 };
    expect(reportBlock(entry, one)).toContain(
      '\nLatency: -\nRequests/s: 50.0\nDatabase: Connected, 3.2 ms, 1042 records\nRestarts: 0\n',
    );
  });

  it('name the host last where several are watched', () => {
    expect(metricsLine(buildEntry({ host: 'web-1' }), several)).toMatch(/ \| Container: webapp \| Host: web-1$/);
    expect(statusLine(buildEntry({ host: 'web-1' }), several)).toMatch(/ \| Restarts: 0 \| Host: web-1$/);
    expect(reportBlock(buildEntry({ host: 'web-1' }), several)).toMatch(/\nRestarts: 0\nHost: web-1\n---$/);
  });

  it('are in local time', () => {
    process.env['TZ'] = 'Asia/Tokyo';
    expect(localTime(Date.UTC(2024, 0, 13, 16, 30, 0))).toBe('2024-01-14 01:30:00');
  });
});

describe('missing values', () => {
  it('are a dash', () => {
    const entry = buildEntry({ resources: {}, probes: {} });
    expect(metricsLine(entry, one)).toBe('2024-01-13 10:30:00 | CPU: - | Memory: - | Latency: - | Container: webapp');
    expect(statusLine(entry, one)).toContain('| HTTP: - |');
    expect(reportBlock(entry, one)).toContain('\nMemory: - / - (-)\n');
  });

  it('of a probe without an answer are 000 and a dash', () => {
    const entry = buildEntry({ probes: { http: noAnswer } });
    expect(statusLine(entry, one)).toContain('| HTTP: 000 |');
    expect(metricsLine(entry, one)).toContain('| Latency: - |');
  });

  it.each<[string, Partial<ContainerObservation>, string]>([
    ['a stopped container', { state: 'exited', exitCode: 137, restarts: 3 }, 'Restarts: 3 | State: exited, code 137'],
    ['a paused container', { state: 'paused' }, 'Restarts: 0 | State: paused'],
    ['an expected container that is not there', { state: 'missing' }, 'Restarts: 0 | State: missing'],
  ])('%s is DOWN, and its state stands last', (_, fields, end) => {
    const line = statusLine(buildEntry(fields), one);
    expect(line).toContain('| Container: DOWN |');
    expect(line.endsWith(end)).toBe(true);
  });

  it('an unhealthy container is UP, and says so', () => {
    expect(statusLine(buildEntry({ health: 'unhealthy' }), one)).toMatch(/Container: UP .* State: running, unhealthy$/);
  });

  it('a container that could not be looked at is UNKNOWN, not DOWN', () => {
    expect(statusLine(unreachable(), one)).toBe(
      '2024-01-13 10:30:00 | Container: UNKNOWN | HTTP: - | Name: webapp | Restarts: - | State: Timeout',
    );
    expect(reportBlock(unreachable(), one)).toContain('Status: UNKNOWN');
  });

  it.each<[string, ProbeResult, string]>([
    ['without a value', { protocol: 'postgres', at: 0, up: true, latencyMs: 3.24 }, 'Connected, 3.2 ms'],
    [
      'that failed with a forged message',
      { protocol: 'postgres', at: 0, up: false, error: { kind: 'refused', message: 'no\n---\nStatus: UP' } },
      'Failed, no_---_Status: UP',
    ],
  ])('a database probe %s is one line', (_, probe, text) => {
    expect(reportBlock(buildEntry({ probes: { db: probe } }), one)).toContain(`\nDatabase: ${text}\n`);
  });

  it.each([
    [0, '0B'],
    [1023, '1023B'],
    [1024 * 1024, '1MiB'],
    [1.5 * 1024 ** 3, '1.5GiB'],
    [123_456_789, '117.7MiB'],
  ])('%d bytes are written as docker stats does: %s', (memoryBytes, text) => {
    expect(reportBlock(buildEntry({ resources: { memoryBytes } }), one)).toContain(`Memory: ${text} / -`);
  });
});

describe('cleanText', () => {
  it.each([
    ['web | Container: DOWN', 'web _ Container: DOWN'],
    ['web\r\n2024', 'web__2024'],
    ['\u001b[31mred\u0007', '_[31mred_'],
    ['\u202Egnp.exe', '_gnp.exe'],
    ['a\u2028b\u200Bc\uFEFFd', 'a_b_c_d'],
    ['cut \uD83D', 'cut _'],
    ['grüße-容器', 'grüße-容器'],
    ['  ', '-'],
  ])('makes of %j the text %j', (text, cleaned) => {
    expect(cleanText(text)).toBe(cleaned);
  });
});

describe('whatever a container, host or error is called', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc
      .array(
        fc.constantFrom(
          '|',
          ' | ',
          '\n',
          '\r',
          '---',
          '[2024',
          'Name: x',
          'Container: UP',
          'Host: h',
          '\u001b[2J',
          'a',
        ),
      )
      .map((parts) => parts.join('')),
  );

  it('a line stays one line with its own fields, and is read back as the same container', () => {
    fc.assert(
      fc.property(hostile, hostile, (name, host) => {
        const entry = buildEntry({ name, host });
        const lines = { metrics: metricsLine(entry, several), status: statusLine(entry, several) };
        for (const log of ['metrics', 'status'] as const) {
          expect(lines[log]).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
          expect(lines[log].split('|')).toHaveLength(6);
          expect(parseEntry(log, lines[log])).toEqual({
            line: lines[log],
            name: cleanText(name),
            host: cleanText(host),
          });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('a block of the report keeps its lines', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (name, host, message) => {
        const db: ProbeResult = { protocol: 'postgres', at: 0, up: false, error: { kind: 'query', message } };
        const lines = reportBlock(buildEntry({ name, host, probes: { db } }), several).split(
          /\r|\n|\u2028|\u2029|\u0085/,
        );
        expect(lines.map((line) => line.split(':')[0])).toEqual([
          '[2024-01-13 10',
          'Container',
          'Status',
          'CPU Usage',
          'Memory',
          'HTTP Response',
          'Latency',
          'Database',
          'Restarts',
          'Host',
          '---',
        ]);
      }),
    );
  });
});
