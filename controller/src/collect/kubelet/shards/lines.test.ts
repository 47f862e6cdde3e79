import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSummary } from '../decode/summary.ts';
import { KubeletError } from '../failure.ts';
import { recordedJson } from '../recorded.ts';
import { decodeAnswer, encodeAnswer } from './lines.ts';

const samples = decodeSummary(recordedJson('summary-018.json')) ?? new Map();

describe('what a member says of a node', () => {
  it('is what the kubelet said', () => {
    const summary = { source: 'kubelet', clockMs: 1, skewMs: -3.5, note: undefined, samples } as const;
    const answer = { node: 'node-1', kind: 'summary', summary } as const;
    expect(samples.size).toBe(7);
    expect(decodeAnswer(encodeAnswer(answer))).toEqual(answer);
  });

  it('is a tenth of the size at most', () => {
    const summary = { source: 'kubelet', clockMs: 1, samples } as const;
    const { length } = encodeAnswer({ node: 'node-1', kind: 'summary', summary });
    expect(length).toBeLessThan(JSON.stringify(recordedJson('summary-018.json')).length / 10);
  });

  it('is any number that a counter can have', () => {
    const number = fc.option(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 19n }),
        number,
        number,
        number,
        (readAtNs, cpuNs, memoryBytes, rx) => {
          const sample = { readAtNs, cpuNs, memoryBytes, receivedBytes: rx };
          const summary = { source: 'kubelet-metrics', clockMs: 5, samples: new Map([['a/b/c', sample]]) } as const;
          const answer = decodeAnswer(encodeAnswer({ node: 'n', kind: 'summary', summary }));
          expect(answer).toEqual({ node: 'n', kind: 'summary', summary });
        },
      ),
    );
  });

  it('is why the kubelet could not be asked', () => {
    const error = new KubeletError('forbidden', '403 Forbidden: give the account get on nodes/stats');
    const answer = decodeAnswer(encodeAnswer({ node: 'node-1', kind: 'failed', error }));
    expect(answer).toMatchObject({
      node: 'node-1',
      kind: 'failed',
      error: { fault: 'forbidden', message: error.message },
    });
  });

  it.each(['', 'null', '[]', '{', '{"node":"n"}', '{"node":"n","fault":"other"}', '{"node":"n","source":"kubelet"}'])(
    'is nothing for %j',
    (line) => {
      expect(decodeAnswer(line)).toBeUndefined();
    },
  );

  it('stands any line', () => {
    fc.assert(fc.property(fc.json(), (line) => void decodeAnswer(line)));
  });
});
