import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordedJson, recordedText } from '../recorded.ts';
import { decodePodMetrics } from './pod-metrics.ts';
import { decodeResourceMetrics } from './resource-metrics.ts';
import { decodeSummary, type Samples } from './summary.ts';

const WEB = 'shop/web-57b69dcfdf-rc2gz/web';

/** What both tell, in order; the summary leaves out parts of a second. */
function seconds(samples: Samples): readonly unknown[] {
  return [...samples]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { cpuNs, memoryBytes, readAtNs }]) => [key, cpuNs, memoryBytes, readAtNs / 1_000_000_000n]);
}

describe('/metrics/resource', () => {
  it.each(['018', '020'])('says of recording %s the same as the summary, without network', (number) => {
    const metrics = decodeResourceMetrics(recordedText(`metrics-resource-${number}.txt`), 0) ?? new Map();
    const summary = decodeSummary(recordedJson(`summary-${number}.json`)) ?? new Map();
    expect(seconds(metrics)).toEqual(seconds(summary));
    expect(metrics.get(WEB)?.receivedBytes).toBeUndefined();
    expect(summary.get(WEB)?.receivedBytes).toBeGreaterThan(0);
  });

  it('of an empty node is empty, and no fault', () => {
    expect(decodeResourceMetrics('resource_scrape_error 0\n', 0)?.size).toBe(0);
  });

  it.each([
    ['nothing', ''],
    ['a page', '<html>\n'],
    ['a kubelet that could not read a thing', 'resource_scrape_error 1\n'],
  ])('is none when it is %s', (_name, body) => {
    expect(decodeResourceMetrics(body, 0)).toBeUndefined();
  });

  it('takes the time of the answer where a line has none, and leaves out what is no number', () => {
    const line = 'container_cpu_usage_seconds_total{container="a",namespace="n",pod="p"}';
    const body = `${line} 1.5\n${line.replace('"a"', '"b"')} NaN 5\n${line.replace('"a"', '"c"')} -1 5\n`;
    expect(decodeResourceMetrics(body, 7)).toEqual(
      new Map([['n/p/a', { readAtNs: 7_000_000n, cpuNs: 1_500_000_000 }]]),
    );
  });

  it('never throws, and reads a hostile megabyte in linear time', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void decodeResourceMetrics(text, 0)));
    const before = performance.now();
    decodeResourceMetrics(`container_cpu_usage_seconds_total{${'a="'.repeat(300_000)}`, 0);
    decodeResourceMetrics(`container_cpu_usage_seconds_total{${'a="\\'.repeat(200_000)}} 1`, 0);
    expect(performance.now() - before).toBeLessThan(20_000);
  });
});

describe('metrics.k8s.io', () => {
  const item = {
    metadata: { name: 'web-1', namespace: 'shop' },
    timestamp: '2026-11-22T16:53:50Z',
    window: '15.05s',
    containers: [{ name: 'web', usage: { cpu: '199870361n', memory: '404Ki' } }],
  };

  it('gives CPU as an average, and memory', () => {
    expect(decodePodMetrics({ kind: 'PodMetricsList', metadata: {}, items: [item] })?.get('shop/web-1/web')).toEqual({
      readAtNs: 1_795_366_430_000_000_000n,
      cpuCores: expect.closeTo(0.199870361, 9),
      memoryBytes: 413_696,
    });
  });

  it.each([[undefined], [{}], [{ items: null }], ['text'], [[]]])('is none when it is %j', (body) => {
    expect(decodePodMetrics(body)).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void decodePodMetrics({ items: [value, item] })));
  });
});
