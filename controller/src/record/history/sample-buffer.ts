import type { Sample } from '../../model/metrics.ts';
import type { Connection } from './connection.ts';
import { createDrain, type Drain } from './drain.ts';

/** Samples that wait for their batch. */
export interface SampleBuffer {
  append(samples: readonly Sample[]): void;
  readonly drain: Drain;
  size(): number;
  /** Samples that had no room. */
  dropped(): number;
}

export interface SampleLimits {
  /** Samples of one transaction. */
  readonly batchSamples: number;
  /** Kept while the store cannot be written: past it the oldest go. About 400 bytes each. */
  readonly maxBufferedSamples: number;
}

/** Where so many containers are watched that this is more than the limit: of the largest rounds. */
const LEAST_ROUNDS = 2;

export function createSampleBuffer(
  connection: Connection,
  { batchSamples, maxBufferedSamples }: SampleLimits,
): SampleBuffer {
  const samples: Sample[] = [];
  /** On their way into the store. */
  let leaving: readonly Sample[] = [];
  let dropped = 0;
  let largestRound = 0;

  function trim(): void {
    const limit = Math.max(maxBufferedSamples, LEAST_ROUNDS * largestRound);
    const excess = Math.min(samples.length, samples.length + leaving.length - limit);
    if (excess <= 0) return;
    samples.splice(0, excess);
    dropped += excess;
  }

  async function writeSome(): Promise<boolean> {
    const batch = samples.splice(0, batchSamples);
    leaving = batch;
    const written = await connection.attempt((store) => store.insert(batch));
    leaving = [];
    if (!written.ok) {
      samples.unshift(...batch);
      trim();
    }
    return written.ok;
  }

  return {
    append(added) {
      for (const sample of added) samples.push(sample);
      largestRound = Math.max(largestRound, added.length);
      trim();
    },
    drain: createDrain(() => samples.length === 0, writeSome),
    size: () => samples.length + leaving.length,
    dropped: () => dropped,
  };
}
