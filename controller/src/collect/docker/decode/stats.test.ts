import { describe, expect, it } from 'vitest';
import { recordedBody, recordedEngines, recordedJson } from '../recorded.ts';
import type { Sample } from '../../sample.ts';
import { decodeStats, type StatsAnswer } from './stats.ts';

function sampleOf(answer: StatsAnswer): Sample {
  if (answer.kind !== 'sample') throw new Error(`no sample: ${answer.kind}`);
  return answer.sample;
}

describe.each(recordedEngines)('stats of engine %s', (engine) => {
  const read = (state: string): StatsAnswer =>
    decodeStats(recordedJson(engine, `states/${state}/stats-oneshot-1.json`));

  it.each(['busy-limited', 'nolimit', 'cpu-quota', 'cpuset', 'fscache', 'paused', 'healthy', 'oom-child-running'])(
    'of a running container (%s) have CPU, memory and tasks',
    (state) => {
      const sample = sampleOf(read(state));
      expect(sample.cpuNs).toBeGreaterThan(0);
      expect(sample.memoryBytes).toBeGreaterThan(0);
      expect(sample.processes).toBeGreaterThan(0);
      expect(sample.hostCpus).toBe(2);
    },
  );

  it.each(['created', 'exit0', 'exit1', 'killed', 'stopped', 'oom', 'onfailure-spent', 'cmd-not-found'])(
    'of a container that does not run (%s) are no sample, though the answer is 200',
    (state) => {
      expect(read(state)).toEqual({ kind: 'idle' });
    },
  );

  it('of a container between two policy restarts are no sample', () => {
    expect(decodeStats(recordedBody(engine, 'stats-restarting-oneshot')).kind).toBe('idle');
  });

  it('are absent when the container was removed while it was asked: 200 with an empty body', () => {
    expect(decodeStats(undefined)).toEqual({ kind: 'gone' });
  });

  it.each([{}, [], null, 'text', { read: 7 }])('that make no sense (%j) are called bad', (body) => {
    expect(decodeStats(body)).toEqual({ kind: 'bad' });
  });

  it('keep the nanoseconds of the reading time', () => {
    const text = JSON.stringify(recordedJson(engine, 'states/nolimit/stats-oneshot-1.json'));
    const fraction = /"read":"[^.]+\.(\d+)Z"/.exec(text)?.[1]?.padEnd(9, '0');
    expect(String(sampleOf(read('nolimit')).readAtNs).slice(-9)).toBe(fraction);
  });

  it.each(['fscache', 'busy-limited', 'nolimit'])('leave the inactive file cache of %s out of the memory', (state) => {
    const body = JSON.stringify(recordedJson(engine, `states/${state}/stats-oneshot-1.json`));
    const usage = Number(/"memory_stats":\{"usage":(\d+)/.exec(body)?.[1]);
    const inactive = Number(/"total_inactive_file":(\d+)/.exec(body)?.[1]);
    expect(sampleOf(read(state)).memoryBytes).toBe(usage - inactive);
  });

  it.each(['net-none', 'net-host'])('of %s have no network: unknown, not zero', (state) => {
    expect(sampleOf(read(state))).not.toHaveProperty('receivedBytes');
  });

  it('sum over all interfaces', () => {
    const body = recordedJson(engine, 'states/net-two/stats-oneshot-1.json');
    const received = [...JSON.stringify(body).matchAll(/"rx_bytes":(\d+)/g)].map((match) => Number(match[1]));
    expect(received).toHaveLength(2);
    expect(sampleOf(decodeStats(body)).receivedBytes).toBe(received.reduce((sum, value) => sum + value, 0));
  });
});

describe('stats that were not recorded', () => {
  const base = { read: '2026-11-22T16:44:59.3168993Z', cpu_stats: { cpu_usage: { total_usage: 5 } } };

  it('take inactive_file on cgroup v2', () => {
    const body = { ...base, memory_stats: { usage: 1000, stats: { inactive_file: 300, file: 600 } } };
    expect(sampleOf(decodeStats(body)).memoryBytes).toBe(700);
  });

  it('take the whole usage from podman, which sends no detail', () => {
    expect(sampleOf(decodeStats({ ...base, memory_stats: { usage: 1000 } })).memoryBytes).toBe(1000);
  });

  it('take the whole usage when the cache is said to be larger', () => {
    const body = { ...base, memory_stats: { usage: 1000, stats: { total_inactive_file: 1001 } } };
    expect(sampleOf(decodeStats(body)).memoryBytes).toBe(1000);
  });

  it('count reads and writes of every device, in the words of v1 and v2, and no other operation', () => {
    const entries = [
      { op: 'Read', value: 1 },
      { op: 'read', value: 2 },
      { op: 'Write', value: 10 },
      { op: 'write', value: 20 },
      { op: 'rios', value: 1e6 },
      { op: 'Total', value: 1e6 },
    ];
    const sample = sampleOf(decodeStats({ ...base, blkio_stats: { io_service_bytes_recursive: entries } }));
    expect(sample).toMatchObject({ readBytes: 3, writtenBytes: 30 });
  });

  it.each([[], null])('have no disk counters when the engine counts none (%j)', (entries) => {
    const sample = sampleOf(decodeStats({ ...base, blkio_stats: { io_service_bytes_recursive: entries } }));
    expect(sample).not.toHaveProperty('readBytes');
  });

  it('bear counters beyond 2^53 and refuse negative and endless ones', () => {
    expect(sampleOf(decodeStats(bodyWithTotal('18446744073709551615'))).cpuNs).toBeCloseTo(2 ** 64, -4);
    expect(sampleOf(decodeStats(bodyWithTotal('-1'))).cpuNs).toBeUndefined();
    expect(sampleOf(decodeStats(bodyWithTotal('1e999'))).cpuNs).toBeUndefined();
  });
});

function bodyWithTotal(total: string): unknown {
  return JSON.parse(`{"read":"2026-11-22T16:44:59Z","cpu_stats":{"cpu_usage":{"total_usage":${total}}}}`);
}
