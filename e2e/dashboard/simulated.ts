/**
 * The dashboard's own server over made-up containers, for tests of the page that need no stack.
 * By hand: node e2e/dashboard/simulated.ts [CONTAINERS] [PORT]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { systemClock } from '../../controller/src/clock.ts';
import type { ReplicaKey } from '../../controller/src/dashboard/access/replica-key.ts';
import type { DashboardActions } from '../../controller/src/dashboard/actions.ts';
import { createFakeDesk } from '../../controller/src/dashboard/fake-desk.ts';
import { createFakeReader, fakeTarget, type FakeReader } from '../../controller/src/dashboard/fake-reader.ts';
import { createDashboard, type Dashboard } from '../../controller/src/dashboard/server.ts';
import { freePort } from '../../controller/src/free-port.ts';
import { createSilentLog } from '../../controller/src/log.ts';
import type { Access } from '../../controller/src/model/access.ts';
import type { Alert, FiringAlert } from '../../controller/src/model/alert.ts';
import type { ContainerObservation } from '../../controller/src/model/observation.ts';
import type { Severity } from '../../controller/src/model/severity.ts';

const nobodySignsIn: Access = { passwords: [], tokens: [], trustedProxies: [], operators: [] };
const HOST = '127.0.0.1';
const SILENCE = 'default/from-the-page';

export interface Simulated {
  readonly url: string;
  /** Folder of the page as it was built. */
  readonly webDir: string;
  readonly reader: FakeReader;
  /** Puts container `index` into another state, with a critical alert unless it runs. */
  container(index: number, changes: Partial<ContainerObservation>): void;
  setAlerts(alerts: readonly Alert[]): void;
  alerts(): readonly Alert[];
  /** A controller that stops and comes back under the same address, with its state. */
  stopServer(): Promise<void>;
  startServer(): Promise<void>;
  close(): Promise<void>;
}

export interface SimulatedOptions {
  readonly containers: number;
  readonly access?: Access;
  readonly statusPage?: readonly string[];
  readonly port?: number;
  /** Default: there is none. */
  readonly history?: FakeReader['history'];
  /** Of several replicas. */
  readonly replicaKey?: ReplicaKey;
}

/** The page is built from its sources, so that what is tested is what is there. */
export async function simulate(options: SimulatedOptions): Promise<Simulated> {
  const webDir = await builtPage();
  const fakeReader = createFakeReader({ clock: systemClock, containers: options.containers });
  const reader = { ...fakeReader, ...(options.history !== undefined && { history: options.history }) };
  let alerts: readonly Alert[] = [];
  function setAlerts(next: readonly Alert[]): void {
    alerts = next;
    reader.set({ alerts });
  }
  const fake = createFakeDesk();
  const desk = { details: fake.details, actions: { ...fake.actions, ...alertActions(() => alerts, setAlerts) } };

  async function serve(port: number): Promise<{ readonly dashboard: Dashboard; readonly port: number }> {
    const dashboard = await createDashboard(
      {
        host: HOST,
        port,
        url: `http://${HOST}`,
        webDir,
        access: options.access ?? nobodySignsIn,
        statusPage: { names: options.statusPage ?? [], title: 'Our services' },
        replicaKey: options.replicaKey,
      },
      { reader, desk, clock: systemClock, log: createSilentLog() },
    );
    return { dashboard, port: (await dashboard.start()).port };
  }

  const first = await serve(options.port ?? (await freePort()));
  let { dashboard } = first;
  const { port } = first;
  return {
    url: `http://${HOST}:${port}/`,
    webDir,
    reader,
    container(index, changes) {
      const seen = fakeTarget(index, Date.now(), changes);
      const isDown = seen.observation.kind === 'observed' && seen.observation.state !== 'running';
      const { target } = seen.observation;
      const others = alerts.filter((alert) => alert.target.id !== target.id);
      reader.put({ ...seen, severity: isDown ? 'critical' : undefined });
      setAlerts(isDown ? [firing(target, 'critical', `${target.name} is DOWN`), ...others] : others);
    },
    setAlerts,
    alerts: () => alerts,
    stopServer: () => dashboard.stop(),
    async startServer() {
      ({ dashboard } = await serve(port));
    },
    async close() {
      await dashboard.stop();
      await rm(webDir, { recursive: true, force: true });
    },
  };
}

async function builtPage(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'foghorn-page-'));
  const configFile = join(import.meta.dirname, '../../controller/vite.config.ts');
  await build({ configFile, build: { outDir, emptyOutDir: true } });
  return outDir;
}

export function firing(target: FiringAlert['target'], severity: Severity, message: string): FiringAlert {
  const at = Date.now();
  return {
    key: `default/containers|down|${target.id}`,
    policy: 'default/containers',
    policyUid: 'uid',
    rule: 'down',
    target: { id: target.id, host: target.host, namespace: target.namespace, name: target.name },
    severity,
    message,
    actions: [],
    values: {},
    levels: [],
    eventLike: false,
    state: 'firing',
    pendingSince: at,
    firedAt: at,
    notified: { count: 1, lastAt: at, resolvedTold: false, flaps: 0 },
  };
}

/** What the store would do with alerts and silences. */
function alertActions(
  alerts: () => readonly Alert[],
  set: (alerts: readonly Alert[]) => void,
): Pick<DashboardActions, 'acknowledge' | 'silence' | 'deleteSilence'> {
  return {
    async acknowledge(key, by) {
      set(alerts().map((alert) => (alert.key === key ? { ...alert, acknowledgedBy: by } : alert)));
      return { kind: 'done', value: true };
    },
    async silence({ alertKey, target, until, comment }, createdBy) {
      const isMeant = (alert: Alert): boolean => alert.key === alertKey || alert.target.id === target;
      set(alerts().map((alert) => (isMeant(alert) ? { ...alert, silencedBy: SILENCE } : alert)));
      const common = { name: SILENCE, startsAt: null, matchers: {}, schedule: null, silencing: 1 };
      return { kind: 'done', value: [{ ...common, state: 'active', endsAt: until ?? null, comment, createdBy }] };
    },
    async deleteSilence() {
      set(alerts().map((alert) => ({ ...alert, silencedBy: undefined })));
      return { kind: 'done', value: true };
    },
  };
}

/** Seconds that a server by hand lives. */
const LIFE_MS = 600_000;

if (import.meta.main) {
  const [containers = '40', port = '0'] = process.argv.slice(2);
  const simulated = await simulate({ containers: Number(containers), port: Number(port), statusPage: ['*-000?'] });
  for (const index of [3, 14]) simulated.container(index, { state: 'exited', exitCode: 137, resources: {} });
  console.log(simulated.url);
  const moving = setInterval(() => simulated.reader.move(Math.ceil(Number(containers) / 10)), 1000);
  setTimeout(() => {
    clearInterval(moving);
    void simulated.close();
  }, LIFE_MS);
}
