/**
 * The load generator against the smallest server there is: its highest rate next to autocannon's and wrk's, and how exactly it keeps
 * planned rates. `node bench/loadgen/main.ts` takes three minutes; `--memory [minutes]` watches its memory instead, 10 minutes.
 * Exits with 1 when a target is missed.
 */
import { startServer, type Server } from './arrivals.ts';
import { measureAccuracy, type Accuracy } from './accuracy.ts';
import { contest, findAutocannon, findWrk, foghorn, ROUNDS, type Bout } from './contest.ts';
import { measureMemory, median } from './memory.ts';

const RATES = [100, 1_000, 10_000, 20_000];
const MIN_RATIO = 0.95;
const MAX_RATE_ERROR = 0.001;
const MAX_UNEVENNESS = 0.05;
const MAX_MEMORY_GROWTH = 1.1;
const DEFAULT_MINUTES = 10;

let hasFailed = false;

function check(isMet: boolean, text: string): void {
  if (!isMet) hasFailed = true;
  console.log(`${isMet ? 'PASS' : 'FAIL'}  ${text}`);
}

function spread(values: readonly number[], digits: number): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
}

function percent(part: number, digits: number): string {
  return `${(part * 100).toFixed(digits)} %`;
}

async function showContest(server: Server): Promise<void> {
  const [autocannon, wrk] = [findAutocannon(), findWrk()];
  if (autocannon === undefined) console.log('autocannon is not installed: npm ci');
  if (wrk === undefined) console.log('wrk is not installed: apt-get install wrk');
  const contestants = [foghorn, autocannon, wrk].filter((one) => one !== undefined);
  const bouts = await contest(server, contestants);
  console.log(`Highest rate, ${ROUNDS} rounds in turns: median (lowest to highest)`);
  for (const [name, of] of bouts) {
    const rate = spread(
      of.map(({ ratePerSecond }) => ratePerSecond),
      0,
    );
    console.log(
      `  ${name.padEnd(14)} ${rate}/s, ${spread(
        of.map(({ cpuMicroseconds }) => cpuMicroseconds),
        1,
      )} us CPU a request`,
    );
  }
  if (autocannon !== undefined) compareTo(bouts.get('autocannon') ?? [], bouts.get('foghorn-load') ?? []);
}

/** Round by round, as a neighbour that slows one round down slows both. */
function compareTo(theirs: readonly Bout[], ours: readonly Bout[]): void {
  const ratios = (read: (bout: Bout) => number): readonly number[] =>
    ours.map((bout, round) => read(bout) / read(theirs[round] ?? bout));
  const rate = ratios(({ ratePerSecond }) => ratePerSecond);
  const cpu = ratios(({ cpuMicroseconds }) => cpuMicroseconds);
  check(median(rate) >= MIN_RATIO, `rate of autocannon's: ${spread(rate, 2)}, at least ${MIN_RATIO} wanted`);
  console.log(`      CPU a request of autocannon's: ${spread(cpu, 2)}`);
}

function showAccuracy(one: Accuracy): void {
  const { plannedRate, achievedRate, requests, startLagP99Ms, latencyP99Ms, cpuShare, isReliable } = one;
  const doubt = isReliable ? '' : ', calls itself unreliable';
  const times = `start lag p99 ${startLagP99Ms.toFixed(1)} ms, latency p99 ${latencyP99Ms.toFixed(1)} ms`;
  console.log(`Planned ${plannedRate}/s: ${requests} requests, ${times}, CPU ${percent(cpuShare, 0)}${doubt}`);
  const error = Math.abs(achievedRate / plannedRate - 1);
  const wanted = percent(MAX_RATE_ERROR, 1);
  check(
    error <= MAX_RATE_ERROR,
    `${achievedRate.toFixed(2)}/s reached the server, ${percent(error, 3)} off, ${wanted} allowed`,
  );
  const worst = `99 % of the 100 ms within ${percent(one.unevenP99, 1)} of even, the worst ${percent(one.unevenMax, 1)}`;
  check(one.unevenP99 <= MAX_UNEVENNESS, `${worst}, ${percent(MAX_UNEVENNESS, 0)} allowed`);
}

async function showMemory(server: Server, minutes: number): Promise<void> {
  const { early, late, highest } = await measureMemory(server, minutes);
  const megabytes = `${early.toFixed(1)} MB early, ${late.toFixed(1)} MB late, ${highest.toFixed(1)} MB at most`;
  check(late <= early * MAX_MEMORY_GROWTH, `memory over ${minutes} minutes: ${megabytes}`);
}

const server = await startServer();
try {
  const memoryAt = process.argv.indexOf('--memory');
  if (memoryAt === -1) {
    await showContest(server);
    for (const rate of RATES) showAccuracy(await measureAccuracy(server, rate));
  } else {
    await showMemory(server, Number(process.argv[memoryAt + 1] ?? DEFAULT_MINUTES));
  }
} finally {
  server.stop();
}
process.exitCode = hasFailed ? 1 : 0;
