import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NodeSource } from '../../model/host.ts';
import { KubeletError, type KubeletFault } from './failure.ts';
import {
  afterFailure,
  afterSuccess,
  nodeSources,
  noMemory,
  noteOf,
  sharesFault,
  sourcesToAsk,
  type SourceMemory,
} from './sources.ts';

const MINUTE = 60_000;
const forbidden = new KubeletError('forbidden', '403 Forbidden');

/** The summary was refused at a time, so many times, and the lesser source works. */
function refused(at: number, times = 1): SourceMemory {
  let memory = noMemory;
  for (let time = 0; time < times; time += 1) memory = afterFailure(memory, 'kubelet', forbidden, at);
  return afterSuccess(memory, 'kubelet-metrics');
}

describe('the sources of a node', () => {
  it.each<[string, SourceMemory, number, readonly NodeSource[]]>([
    ['asked first', noMemory, 0, nodeSources],
    ['the best works', afterSuccess(noMemory, 'kubelet'), 0, nodeSources],
    ['the best was refused just now', refused(0), 29_999, ['kubelet-metrics', 'metrics-api']],
    ['the best was refused a while ago', refused(0), 30_000, nodeSources],
    ['the best was refused again and again', refused(0, 9), 5 * MINUTE - 1, ['kubelet-metrics', 'metrics-api']],
    ['the best was refused long ago', refused(0, 9), 5 * MINUTE, nodeSources],
    ['none works', afterFailure(refused(0), 'kubelet-metrics', forbidden, 1000), 1001, nodeSources],
  ])('are asked in order when %s', (_name, memory, now, expected) => {
    expect(sourcesToAsk(memory, nodeSources, now)).toEqual(expected);
  });

  it('are only those that may be asked', () => {
    expect(sourcesToAsk(noMemory, ['metrics-api', 'kubelet'], 0)).toEqual(['kubelet', 'metrics-api']);
    expect(sourcesToAsk(noMemory, ['metrics-api'], 0)).toEqual(['metrics-api']);
  });

  it.each<[KubeletFault, boolean]>([
    ['forbidden', false],
    ['notServed', false],
    ['garbage', false],
    ['tooLarge', false],
    ['unauthorized', true],
    ['authority', true],
    ['name', true],
    ['expired', true],
    ['timeout', true],
    ['refused', true],
    ['noRoute', true],
    ['reset', true],
  ])('a summary that is %s says of the other path of the kubelet: %s', (fault, expected) => {
    expect(sharesFault('kubelet', fault, 'kubelet-metrics')).toBe(expected);
    expect(sharesFault('kubelet', fault, 'metrics-api')).toBe(false);
  });

  it('are said with what is lost and why, unless it is the best', () => {
    expect(noteOf(refused(0), 'kubelet-metrics')).toBe(
      'read from /metrics/resource, without network; /stats/summary: 403 Forbidden',
    );
    expect(noteOf(refused(0), 'kubelet')).toBeUndefined();
    expect(noteOf(noMemory, 'metrics-api')).toBe(
      'read from metrics.k8s.io, without network and with CPU as an average',
    );
  });

  it('never leave none to ask, and never leave out the best for longer than five minutes', () => {
    const step = fc.record({ source: fc.constantFrom(...nodeSources), ok: fc.boolean(), afterMs: fc.nat(MINUTE) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let memory = noMemory;
        let now = 0;
        for (const { source, ok, afterMs } of steps) {
          now += afterMs;
          memory = ok ? afterSuccess(memory, source) : afterFailure(memory, source, forbidden, now);
        }
        expect(sourcesToAsk(memory, nodeSources, now)).not.toEqual([]);
        expect(sourcesToAsk(memory, nodeSources, now + 5 * MINUTE)).toEqual(nodeSources);
      }),
    );
  });
});
