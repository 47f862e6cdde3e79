/**
 * A dashboard of made-up containers in a process of its own, of which a share changes every second. Told by its parent
 * to begin and to end a measurement, it says what that has cost. Arguments: number of containers, share, folder of the page.
 */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { systemClock } from '../../controller/src/clock.ts';
import { createFakeReader, type FakeReader } from '../../controller/src/dashboard/fake-reader.ts';
import { createDashboard } from '../../controller/src/dashboard/server.ts';
import { createSilentLog } from '../../controller/src/log.ts';
import type { ServerCost } from './server-process.ts';

const [containers = '1000', share = '0.1', webDir = ''] = process.argv.slice(2);
const TICK_MS = 1000;
const NANOSECONDS_PER_MS = 1e6;

const clock = systemClock;
const reader = createFakeReader({ clock, containers: Number(containers) });
const dashboard = await createDashboard(
  {
    host: '127.0.0.1',
    port: 0,
    url: 'http://localhost',
    webDir,
    access: { passwords: [], tokens: [], trustedProxies: [], operators: [] },
    statusPage: { names: [], title: '' },
  },
  { reader, clock, log: createSilentLog() },
);
const { port } = await dashboard.start();
const delay = monitorEventLoopDelay({ resolution: 5 });
let lateness: number[] = [];
let cpuBefore = process.cpuUsage();
let ticks = 0;

tick(performance.now() + TICK_MS);
process.on('message', (message) => {
  if (message === 'begin') begin();
  if (message === 'end') process.send?.(cost());
});
process.on('disconnect', () => {
  dashboard.stop().then(() => process.exit(0), fail);
});
process.send?.({ port });

/** As the main loop of the controller: due every second, and late when others hold the loop. */
function tick(dueAt: number): void {
  setTimeout(() => {
    lateness.push(Math.max(0, performance.now() - dueAt));
    changeSome(reader, Math.round(Number(containers) * Number(share)));
    ticks += 1;
    tick(dueAt + TICK_MS);
  }, dueAt - performance.now());
}

/** Whole rows change, not only their readings: the harder case. */
function changeSome(changed: FakeReader, count: number): void {
  const first = (ticks * count) % Math.max(1, Number(containers));
  changed.move(count);
  const { targets } = changed.overview();
  for (const seen of targets.slice(first, first + count)) {
    const { observation } = seen;
    if (observation.kind === 'observed') {
      changed.put({ ...seen, observation: { ...observation, restarts: observation.restarts + 1 } });
    }
  }
}

function begin(): void {
  lateness = [];
  ticks = 0;
  cpuBefore = process.cpuUsage();
  delay.reset();
  delay.enable();
}

function cost(): ServerCost {
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    ticks,
    cpuMs: (user + system) / 1000,
    lateMs: lateness,
    loopDelayP99Ms: delay.percentile(99) / NANOSECONDS_PER_MS,
    loopDelayMaxMs: delay.max / NANOSECONDS_PER_MS,
    memoryBytes: process.memoryUsage().rss,
  };
}

function fail(error: unknown): void {
  console.error(error);
  process.exit(1);
}
