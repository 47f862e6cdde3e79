import type { Sample } from '../../model/metrics.ts';
import { rowOfSample, type Row } from './encoding.ts';

/** What a batch of samples writes. */
export interface SampleRows {
  /** One for each target and time. */
  readonly rows: readonly { readonly targetId: string; readonly at: number; readonly row: Row }[];
  /** When targets were last seen running in it. */
  readonly lastUp: ReadonlyMap<string, number>;
}

export function rowsOfSamples(samples: readonly Sample[]): SampleRows {
  const rows = new Map<string, SampleRows['rows'][number]>();
  const lastUp = new Map<string, number>();
  for (const sample of samples) {
    const { targetId, at } = sample;
    const key = `${at}|${targetId}`;
    const known = rows.get(key);
    const row = rowOfSample(sample);
    rows.set(key, { targetId, at, row: known === undefined ? row : latest(known.row, row) });
    if (sample.values.up === 1) lastUp.set(targetId, Math.max(at, lastUp.get(targetId) ?? at));
  }
  return { rows: [...rows.values()], lastUp };
}

/** Two looks at the same time, each with the probes of its own policy, are one sample. */
function latest(before: Row, after: Row): Row {
  return before.map((summary, index) => after[index] ?? summary);
}
