/**
 * The history in a file and in Postgres, side by side: how many rows a second they take, how long questions take, how
 * large it gets, what it costs this process and the server. A row is one container at one time with all its metrics.
 * Usage: node bench/history/compare.ts [--containers 1000] [--minutes 60] [--interval 30] [--only postgres]
 * Time is simulated: "keeps up" says how many times faster than real it went, with everything that it has to do.
 */
import { readdirSync, readFileSync, rmSync, mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSilentLog } from '../../controller/src/log.ts';
import { metricNames } from '../../controller/src/model/metrics.ts';
import { openStore as openPostgres } from '../../controller/src/record/history/postgres/store.ts';
import { startTestServer } from '../../controller/src/record/history/postgres/test-server.ts';
import { openStore as openSqlite } from '../../controller/src/record/history/sqlite/store.ts';
import type { HistoryStore } from '../../controller/src/record/history/store.ts';
import { defaultTiers } from '../../controller/src/record/history/tiers.ts';
import { createTimings, printTimings, readings, runSlices, timed, type Timings } from './load.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const TICKS_PER_SECOND = 100;
const QUESTIONS = 200;

const { values: flags } = parseArgs({
  options: {
    containers: { type: 'string', default: '1000' },
    minutes: { type: 'string', default: '60' },
    interval: { type: 'string', default: '30' },
    only: { type: 'string' },
  },
});
const containers = Number(flags.containers);
const intervalMs = Number(flags.interval) * 1000;
const durationMs = Number(flags.minutes) * MINUTE_MS;
const targetIds = Array.from({ length: containers }, (_, n) => `local/project-${n % 100}/service-${n}/1`);

interface Subject {
  readonly name: string;
  readonly store: HistoryStore;
  /** Samples of one call, as the controller hands them over. */
  readonly batch: number;
  bytes(): Promise<number>;
  /** CPU of other processes that do its work. */
  serverCpuMs(): number;
  end(): Promise<void>;
}

async function openFile(): Promise<Subject> {
  const dir = mkdtempSync(join(tmpdir(), 'foghorn-bench-'));
  const file = join(dir, 'history.db');
  const store = openSqlite(file, defaultTiers);
  return {
    name: 'SQLite',
    store,
    batch: 200,
    bytes: async () => sizeOf(file) + sizeOf(`${file}-wal`),
    serverCpuMs: () => 0,
    async end() {
      store.close();
      rmSync(dir, { recursive: true });
    },
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

async function openServer(): Promise<Subject> {
  // fsync as in earnest; the memory of a small server.
  const server = await startTestServer(['fsync=on', 'shared_buffers=256MB', 'max_wal_size=2GB']);
  const url = await server.createDatabase();
  const store = await openPostgres({ url, readOnly: false, tiers: defaultTiers, log: createSilentLog() });
  if (store === undefined) throw new TypeError('a writer makes its schema');
  const name = url.slice(url.lastIndexOf('/') + 1);
  const [version] = (await server.admin('SHOW server_version'))[0] ?? [];
  return {
    name: `Postgres ${String(version)}`,
    store,
    batch: 1000,
    bytes: async () => Number((await server.admin('SELECT pg_database_size($1)', [name]))[0]?.[0]),
    serverCpuMs: () => cpuMsOf(server.processId() ?? 0),
    async end() {
      await store.close();
      await server.end();
    },
  };
}

/** Of a process, its children and those that have ended: /proc/PID/stat, proc(5). */
function cpuMsOf(processId: number): number {
  const own = statOf(String(processId));
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(statOf)
    .filter((stat) => stat.parent === processId);
  const ticks = own.ticks + own.endedTicks + children.reduce((sum, { ticks: some }) => sum + some, 0);
  return (ticks * 1000) / TICKS_PER_SECOND;
}

function statOf(processId: string): { readonly parent: number; readonly ticks: number; readonly endedTicks: number } {
  try {
    const text = readFileSync(`/proc/${processId}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const at = (index: number): number => Number(fields[index] ?? 0);
    return { parent: at(1), ticks: at(11) + at(12), endedTicks: at(13) + at(14) };
  } catch {
    return { parent: 0, ticks: 0, endedTicks: 0 };
  }
}

async function record({ store, batch }: Subject, timings: Timings, startMs: number): Promise<number> {
  let now = startMs;
  for (; now < startMs + durationMs; now += intervalMs) {
    for (let first = 0; first < containers; first += batch) {
      const samples = targetIds
        .slice(first, first + batch)
        .map((targetId) => ({ targetId, at: now, values: readings() }));
      await timed(timings.insert, () => store.insert(samples));
    }
    await runSlices(timings['roll up'], store.rollUp(now));
    if ((now - startMs) % (10 * MINUTE_MS) < intervalMs) await runSlices(timings.prune, store.prune(now));
  }
  return now;
}

async function ask({ store }: Subject, timings: Timings, nowMs: number): Promise<void> {
  for (let n = 0; n < QUESTIONS; n += 1) {
    const targetId = targetIds[Math.floor((n * containers) / QUESTIONS)] ?? '';
    const request = { targetId, metric: 'cpu', fromMs: nowMs - HOUR_MS, toMs: nowMs, maxPoints: 1000 } as const;
    await timed(timings.query, () => store.query(request, nowMs));
  }
}

async function measure(subject: Subject): Promise<void> {
  const timings = createTimings();
  const emptyBytes = await subject.bytes();
  const begunMs = performance.now();
  const cpuBefore = process.cpuUsage();
  const serverBefore = subject.serverCpuMs();
  const end = await record(subject, timings, Date.UTC(2026, 0, 1));
  const elapsedMs = performance.now() - begunMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  const serverMs = subject.serverCpuMs() - serverBefore;
  const bytes = (await subject.bytes()) - emptyBytes;
  await ask(subject, timings, end);
  const rows = containers * Math.ceil(durationMs / intervalMs);
  const insertMs = timings.insert.wallMs.reduce((sum, ms) => sum + ms, 0);
  const share = (ms: number): string => `${((100 * ms) / durationMs).toFixed(2)} %`;
  console.log(`\n${subject.name}: ${rows} rows, ${rows * metricNames.length} values`);
  console.log(`  inserts alone: ${Math.round((1000 * rows) / insertMs)} rows/s`);
  console.log(`  with roll-up and pruning: ${Math.round((1000 * rows) / elapsedMs)} rows/s`);
  console.log(`  keeps up: ${(durationMs / elapsedMs).toFixed(1)} times faster than real`);
  console.log(`  of one core in real time: controller ${share((user + system) / 1000)}, server ${share(serverMs)}`);
  console.log(`  on disk: ${(bytes / 1_000_000).toFixed(1)} MB, ${(bytes / rows).toFixed(0)} bytes a row`);
  printTimings(timings);
}

console.log(`${containers} containers, every ${intervalMs / 1000} s, ${durationMs / MINUTE_MS} minutes`);
for (const open of [openFile, openServer]) {
  if (flags.only !== undefined && (flags.only === 'postgres') !== (open === openServer)) continue;
  const subject = await open();
  try {
    await measure(subject);
  } finally {
    await subject.end();
  }
}
