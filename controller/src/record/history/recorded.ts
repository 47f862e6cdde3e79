import type { MetricName, Sample } from '../../model/metrics.ts';
import { openDatabase, readRange, type HistoryDatabase, type TierTable } from './database.ts';
import { decodeRow, storedMetrics, type Row } from './encoding.ts';
import type { Summary } from './summary.ts';
import { defaultTiers } from './tiers.ts';

/** What the history has of one target. */
export interface RecordedSeries {
  readonly targetId: string;
  /** In order of time; of each time as it was recorded finest. */
  readonly samples: readonly Sample[];
  /** Width of the widest interval among them; 0 when all are samples as they came. */
  readonly resolutionMs: number;
}

/** Reads all targets of a history file that no controller has open. Throws what SQLite throws. */
export function readRecorded(file: string, fromMs: number, toMs: number): readonly RecordedSeries[] {
  const database = openDatabase(file, defaultTiers);
  try {
    const targets = database.db.prepare('SELECT id, name FROM targets ORDER BY name').all();
    return targets.map((row) => ({
      targetId: String(row['name']),
      ...readTarget(database, Number(row['id']), { fromMs, toMs }),
    }));
  } finally {
    database.db.close();
  }
}

/** Where a finer tier begins, the coarser one ends. */
export function readTarget(
  { tables }: HistoryDatabase,
  target: number,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Omit<RecordedSeries, 'targetId'> {
  const samples: Sample[] = [];
  let resolutionMs = 0;
  let untilMs = toMs;
  for (const table of tables) {
    const rows = readRange(table, target, fromMs, untilMs);
    const [first] = rows;
    if (first === undefined) continue;
    samples.unshift(...rows.map(({ at, data }) => ({ targetId: '', at, values: valuesOf(decodeRow(data)) })));
    ({ resolutionMs } = table.tier);
    untilMs = startBefore(first.at, tables[tables.indexOf(table) + 1]);
  }
  return { samples, resolutionMs };
}

/** The last millisecond whose interval in the coarser tier ends before the finer tier begins. */
function startBefore(at: number, coarser: TierTable | undefined): number {
  return coarser === undefined ? at - 1 : at - coarser.unitMs;
}

/** Values are kept with 24 bits. */
const SIGNIFICANT_DIGITS = 7;

function valuesOf(row: Row): Sample['values'] {
  const values: Partial<Record<MetricName, number>> = {};
  for (const [index, metric] of storedMetrics.entries()) {
    const summary = row[index];
    if (summary !== undefined) values[metric] = Number(representative(metric, summary).toPrecision(SIGNIFICANT_DIGITS));
  }
  return values;
}

/** Of an interval: down when it was seen down in it, the counter at its end, the worst answer, else the mean. */
export function representative(metric: MetricName, { min, mean, max }: Omit<Summary, 'count'>): number {
  if (metric === 'up') return min;
  return metric === 'restarts' || metric === 'httpStatus' ? max : mean;
}
