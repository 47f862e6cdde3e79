import { describe, expect, it } from 'vitest';
import type { Sample } from '../../model/metrics.ts';
import type { Connection } from './connection.ts';
import { createSampleBuffer } from './sample-buffer.ts';

function samples(count: number): readonly Sample[] {
  return Array.from({ length: count }, (_, n) => ({ targetId: `t${n}`, at: 0, values: { up: 1 } }));
}

/** A store that is away. */
const away: Pick<Connection, 'attempt'> = { attempt: () => Promise.resolve({ ok: false }) };

describe('samples that wait', () => {
  it('lose the oldest past the limit', () => {
    const buffer = createSampleBuffer(away as Connection, { batchSamples: 2, maxBufferedSamples: 10 });
    for (let round = 0; round < 4; round += 1) buffer.append(samples(3));
    expect([buffer.size(), buffer.dropped()]).toEqual([10, 2]);
  });

  it('are two whole rounds at least, however many containers there are', () => {
    const buffer = createSampleBuffer(away as Connection, { batchSamples: 2, maxBufferedSamples: 10 });
    for (let round = 0; round < 3; round += 1) buffer.append(samples(50));
    expect([buffer.size(), buffer.dropped()]).toEqual([100, 50]);
  });
});
