import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { buildReport } from './builders.ts';
import { readOutput } from './output.ts';
import { decodeLine } from './protocol.ts';

const progress =
  '{"type":"progress","elapsedSeconds":2.001,"progress":0.2,"plannedRate":5,"rate":5,"inFlight":0,"requests":10,"errors":1,"errorRate":0.1,"unsent":0,"late":2,"latencySeconds":{"mean":0.004,"p50":0.003,"p75":0.004,"p90":0.005,"p95":0.006,"p99":0.007,"p999":0.008,"max":0.009},"serviceTimeSeconds":{"p50":0.002,"p90":0.003,"p95":0.004,"p99":0.005,"max":0.006},"seconds":[]}';
const { encoded } = buildReport().latency;
const counts = `"requests":10,"errors":1,"late":0,"statuses":{"200":9},"failures":{"timeout":1},"latencySeconds":{"max":0.5},"serviceTimeSeconds":{"max":0.4},"histograms":{"latencyMicroseconds":"${encoded}","serviceTimeMicroseconds":"${encoded}"}`;
const report = `{"type":"report","version":1,"startedAt":"2026-01-13T10:00:00.000Z","durationSeconds":10,"ended":"completed","generator":{"reliable":false,"reasons":["it was\\u001b[2J busy",7]},${counts},"endpoints":[{"name":"GET /",${counts}}]}`;

describe('lines of a generator', () => {
  it('are read', () => {
    expect(decodeLine(progress)).toMatchObject({
      type: 'progress',
      requests: 10,
      late: 2,
      latencySeconds: { p95: 0.006 },
    });
    expect(decodeLine(report)).toMatchObject({
      type: 'report',
      startedAt: Date.UTC(2026, 0, 13, 10),
      doubts: ['it was [2J busy'],
      endpoints: [{ name: 'GET /', errors: 1, latency: { maxSeconds: 0.5 } }],
    });
  });

  it('have the course of the run, if the generator tells it', () => {
    const step =
      '{"startSeconds":0,"sent":10,"ok":9,"failed":1,"latencySeconds":{"p50":0.1,"p95":0.2,"p99":0.3,"max":0.4}}';
    const withSeries = report.replace('"ended"', `"series":{"stepSeconds":2,"steps":[${step}]},"ended"`);
    expect(decodeLine(report)).toMatchObject({ series: [] });
    expect(decodeLine(withSeries)).toMatchObject({
      series: [{ startSeconds: 0, seconds: 2, requests: 10, errors: 1, latency: { p95: 0.2 } }],
    });
    expect(decodeLine(withSeries.replace('"failed":1', '"failed":"1"'))).toBeUndefined();
  });

  it.each([
    '',
    'foghorn-load: no target',
    '[]',
    'null',
    '{"type":"progress"}',
    progress.replace('"rate":5', '"rate":-5'),
    progress.replace('"rate":5', '"rate":"5"'),
    progress.slice(1),
    progress.slice(0, -1),
    report.replace('"version":1', '"version":2'),
    report.replace('"endpoints":[', '"endpoints":[1,'),
    report.replace('2026-01-13T10:00:00.000Z', 'today'),
    report.replace(encoded, 'no histogram'),
    report.replace(encoded, ''),
  ])('are nothing when they are %j', (line) => {
    expect(decodeLine(line)).toBeUndefined();
  });

  it('are nothing when a histogram has another layout, or is larger than any', () => {
    const wide = build({ highestTrackableValue: 2 ** 40, numberOfSignificantValueDigits: 5, bitBucketSize: 64 });
    const bomb = Buffer.concat([Buffer.from(encoded, 'base64').subarray(0, 8), deflateSync(Buffer.alloc(50_000_000))]);
    for (const hostile of [encodeIntoCompressedBase64(wide), bomb.toString('base64')]) {
      expect(decodeLine(report.replace(encoded, hostile))).toBeUndefined();
    }
    expect(decodeLine(report)).toBeDefined();
  });

  it('never throw, whatever comes', () => {
    fc.assert(fc.property(fc.json(), (line) => void decodeLine(line)));
    fc.assert(
      fc.property(
        fc.nat(report.length),
        fc.string({ maxLength: 3 }),
        (at, text) => void decodeLine(report.slice(0, at) + text + report.slice(at + 1)),
      ),
    );
  });
});

describe('the end of an output', () => {
  it('has the last progress, though its front is cut', () => {
    const later = progress.replace('"requests":10', '"requests":15');
    const output = readOutput(`${progress.slice(50)}\n${progress}\n${later}\n{"type":"pro`, '');
    expect(output).toMatchObject({ progress: { requests: 15 }, report: undefined, complaint: '' });
  });

  it('has the report', () => {
    expect(readOutput(`${progress}\n${report}\n`, '').report?.requests).toBe(10);
  });

  it('has the complaint in one harmless line', () => {
    const complaint = 'foghorn-load: \u001b[31mbad\u001b[0m option\n    at main (cli.ts:1)\n\nNode.js v24.0.0\n';
    expect(readOutput('', complaint).complaint).toBe('foghorn-load:  [31mbad [0m option');
  });
});
