/**
 * How large the history gets and how long it holds up the event loop, by simulated time.
 * Usage: node bench/history/main.ts [--containers 50] [--days 90] [--interval 10] [--limit-mb 200] [--full]
 * Days of which only coarse intervals remain at the end are simulated with fewer samples, which leaves as many rows of
 * the same size; --full takes every sample (an hour for 90 days).
 * Exit code 1 when the file is larger than the limit.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { metricNames, type MetricName } from '../../controller/src/model/metrics.ts';
import { openStore } from '../../controller/src/record/history/sqlite/store.ts';
import type { HistoryStore } from '../../controller/src/record/history/store.ts';
import { defaultTiers } from '../../controller/src/record/history/tiers.ts';
import { createTimings, printTimings, readings, runSlices, timed, type Kind } from './load.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const { values: flags } = parseArgs({
  options: {
    containers: { type: 'string', default: '50' },
    days: { type: 'string', default: '90' },
    interval: { type: 'string', default: '10' },
    'limit-mb': { type: 'string', default: '200' },
    full: { type: 'boolean', default: false },
  },
});
const containers = Number(flags.containers);
const intervalMs = Number(flags.interval) * 1000;
const timings = createTimings();
const durationMs = Number(flags.days) * DAY_MS;

/** Milliseconds between two rounds, by how long before the end they are. */
function pace(untilEndMs: number): number {
  if (flags.full || untilEndMs < 2 * DAY_MS + HOUR_MS) return intervalMs;
  return Math.max(intervalMs, untilEndMs < 14 * DAY_MS + HOUR_MS ? MINUTE_MS : 5 * MINUTE_MS);
}

async function simulate(store: HistoryStore, startMs: number): Promise<number> {
  const targetIds = Array.from({ length: containers }, (_, n) => `local/project/service-${n}/1`);
  const endMs = startMs + durationMs;
  let now = startMs;
  for (let step = intervalMs; now <= endMs; now += step) {
    step = pace(endMs - now);
    const at = now;
    const round = targetIds.map((targetId, n) => ({ targetId, at: at + n, values: readings() }));
    await timed(timings['insert'], () => store.insert(round));
    if (now % MINUTE_MS < step) await runSlices(timings['roll up'], store.rollUp(now));
    if (now % (10 * MINUTE_MS) < step) await runSlices(timings['prune'], store.prune(now));
    if (now % (10 * DAY_MS) < step)
      console.log(`day ${Math.round((now - startMs) / DAY_MS)}: ${megabytes(diskBytes())} MB`);
  }
  return now;
}

async function queryAll(store: HistoryStore, now: number): Promise<void> {
  for (const spanMs of [HOUR_MS, 6 * HOUR_MS, DAY_MS, 7 * DAY_MS, 30 * DAY_MS, 90 * DAY_MS]) {
    for (let n = 0; n < containers; n += 1) {
      const request = { metric: 'cpu', fromMs: now - spanMs, toMs: now, maxPoints: 1000 } as const;
      await timed(timings['query'], () => store.query({ ...request, targetId: `local/project/service-${n}/1` }, now));
    }
  }
}

const dir = mkdtempSync(join(tmpdir(), 'foghorn-bench-'));
const file = join(dir, 'history.db');

function diskBytes(): number {
  return [file, `${file}-wal`].reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}

/** Rows that the tiers hold, and the same values in the obvious schema, measured on a fiftieth and scaled. */
function naiveBytes(): { readonly values: number; readonly bytes: number } {
  const rows = new DatabaseSync(file, { readOnly: true });
  let values = 0;
  const naiveFile = join(dir, 'naive.db');
  const naive = new DatabaseSync(naiveFile);
  naive.exec(`
    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
    CREATE TABLE samples (tier TEXT, ts INTEGER, target TEXT, metric TEXT, min REAL, mean REAL, max REAL);
    CREATE INDEX samples_index ON samples (target, metric, tier, ts);
    BEGIN`);
  const insert = naive.prepare('INSERT INTO samples VALUES (?, ?, ?, ?, ?, ?, ?)');
  const share = Math.max(1, Math.floor(containers / 50));
  let copied = 0;
  for (const { resolutionMs } of defaultTiers) {
    const count = rows.prepare(`SELECT count(*) AS rows FROM samples_${resolutionMs}`).get()?.['rows'];
    values += Number(count) * metricNames.length;
    const buckets = rows.prepare(`SELECT bucket FROM samples_${resolutionMs} WHERE target <= ? ORDER BY bucket`);
    for (const row of buckets.iterate(share)) {
      const at = Number(row['bucket']) * Math.max(1, resolutionMs);
      const measured = readings();
      for (const metric of metricNames satisfies readonly MetricName[]) {
        const value = measured[metric] ?? 0;
        insert.run(`${resolutionMs}`, at, 'local/project/service-1/1', metric, value, value, value);
        copied += 1;
      }
    }
  }
  naive.exec('COMMIT');
  naive.close();
  rows.close();
  return { values, bytes: (statSync(naiveFile).size * values) / copied };
}

/** What a round, a minute and ten minutes of work cost, as a share of one core. */
function cpuPercent(): number {
  const total = (kind: Kind): number => timings[kind].cpuMs.reduce((sum, ms) => sum + ms, 0);
  const rounds = timings.insert.cpuMs.length;
  return (100 * (total('insert') + total('roll up') + total('prune'))) / (rounds * intervalMs);
}

try {
  console.log(
    `${containers} containers, every ${intervalMs / 1000} s, ${durationMs / DAY_MS} days, ${metricNames.length} metrics`,
  );
  const store = openStore(file, defaultTiers);
  const end = await simulate(store, Date.UTC(2026, 0, 1));
  await queryAll(store, end);
  const liveBytes = diskBytes();
  store.close();
  printTimings(timings);
  console.log(`at most ${cpuPercent().toFixed(3)} % of a core`);
  const naive = naiveBytes();
  console.log(`\non disk: ${megabytes(liveBytes)} MB with its log, ${megabytes(diskBytes())} MB closed`);
  console.log(`a row a value with text keys and an index: ${megabytes(naive.bytes)} MB for ${naive.values} values`);
  console.log(
    `ratio: ${(naive.bytes / liveBytes).toFixed(1)} times smaller, ${(liveBytes / naive.values).toFixed(1)} bytes a value`,
  );
  if (liveBytes > Number(flags['limit-mb']) * 1_000_000) {
    console.error(`larger than ${flags['limit-mb']} MB`);
    process.exitCode = 1;
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}
