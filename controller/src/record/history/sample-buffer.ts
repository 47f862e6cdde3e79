import { setImmediate } from 'node:timers/promises';
import type { Sample } from '../../model/metrics.ts';
import type { Connection } from './connection.ts';

/** Samples that wait for their batch. */
export interface SampleBuffer {
  append(samples: readonly Sample[]): void;
  /** Writes what is buffered, a batch a slice; false when it could not. */
  drain(): Promise<boolean>;
  size(): number;
  /** Samples that had no room. */
  dropped(): number;
}

/** Samples of one transaction: a few milliseconds. */
const BATCH_SAMPLES = 200;

/** Samples kept while the file cannot be written: half an hour of 50 containers at 10 s, about 4 MB. */
const MAX_BUFFERED_SAMPLES = 10_000;

export function createSampleBuffer(connection: Connection): SampleBuffer {
  const samples: Sample[] = [];
  let dropped = 0;
  return {
    append(added) {
      for (const sample of added) samples.push(sample);
      const excess = samples.length - MAX_BUFFERED_SAMPLES;
      if (excess <= 0) return;
      samples.splice(0, excess);
      dropped += excess;
    },
    async drain() {
      while (samples.length > 0) {
        const batch = samples.slice(0, BATCH_SAMPLES);
        if (!connection.attempt((store) => store.insert(batch)).ok) return false;
        // Nothing else ran since the slice, so the batch is still the head.
        samples.splice(0, batch.length);
        if (samples.length > 0) await setImmediate();
      }
      return true;
    },
    size: () => samples.length,
    dropped: () => dropped,
  };
}
