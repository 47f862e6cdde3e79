import { hostname } from 'node:os';
import { assemble, type Environment, type Parts } from './assembly.ts';
import type { Config } from '../config.ts';
import { replicaKey } from '../dashboard/access/replica-key.ts';
import { createDashboard, type Dashboard } from '../dashboard/server.ts';
import { dashboardAccess } from './dashboard-access.ts';
import { createDesk } from './desk/desk.ts';
import { createFence } from './fence.ts';
import { createDeadMansSwitch } from './dead-mans-switch.ts';
import { createTickWatch, type TickWatch } from './tick-watch.ts';
import type { Access } from '../model/access.ts';
import { createTicker, TICK_EVERY_MS } from './ticker.ts';

/** The whole controller, wired and not yet started. */
export interface App {
  start(): Promise<void>;
  /** Ends in order and within bounds; idempotent. */
  stop(): Promise<void>;
  /** Opens the log files anew, after a rotation from outside. */
  reopenLogs(): void;
}

const OUTBOX_STOP_MS = 5000;

export async function createApp(config: Config, environment: Environment): Promise<App> {
  const { log, clock } = environment;
  const access = dashboardAccess(config.dashboard);
  const parts = await assemble(config, environment);
  const { control, collector, outbox, pipeline } = parts;
  const watch = createTickWatch({
    tick: pipeline.tick,
    everyMs: TICK_EVERY_MS,
    instruments: parts.instruments,
    clock,
  });
  const dashboard = await dashboardOf(config, environment, { ...parts, watch, access });
  const ticker = createTicker({ tick: watch.tick, clock });
  const lifeSigns = createDeadMansSwitch(config, {
    ...parts,
    clock,
    fence: createFence(environment.leadership),
    snapshot: pipeline.snapshot,
    lastHealthyTickAt: watch.lastHealthyAt,
  });

  async function stop(): Promise<void> {
    await lifeSigns.stop();
    await ticker.stop();
    await dashboard.stop();
    await control.stop();
    await parts.memory?.stop();
    await collector.stop();
    await outbox.stop(OUTBOX_STOP_MS);
    await parts.pusher?.stop();
    control.stopWaiting();
    await parts.budgetUpkeep.stop();
    await parts.ledger.settled();
    parts.notifier.close();
    parts.logs.stop();
    await parts.history.close();
    await control.close();
  }

  let stopped: Promise<void> | undefined;
  return {
    async start() {
      const { port } = await dashboard.start();
      collector.start();
      parts.memory?.start();
      const ways = { email: outbox.snapshot, ...(parts.pusher && { alertmanager: parts.pusher.snapshot }) };
      await control.start({ ...pipeline, ...ways, hosts: collector.hosts }, parts.surroundings);
      parts.budgetUpkeep.start();
      ticker.start();
      lifeSigns.start();
      parts.pusher?.start();
      log.info(
        { port, host: config.dashboard.host, name: hostname() },
        `foghorn is watching; the page is at ${config.dashboard.url}`,
      );
    },
    stop: () => (stopped ??= stop()),
    reopenLogs: parts.logs.reopen,
  };
}

function dashboardOf(
  config: Config,
  { clock, log, webDir }: Environment,
  parts: Parts & { readonly watch: TickWatch; readonly access: Access },
): Promise<Dashboard> {
  const { control, history, logs, pipeline } = parts;
  const reader = {
    snapshot: pipeline.snapshot,
    overview: pipeline.overview,
    sparklines: pipeline.sparklines,
    bounds: pipeline.standings.bounds,
    lookedAt: parts.watch.lastHealthyAt,
    conditions: control.conditions,
    recentLines: (file: 'metrics' | 'status', limit: number, targetId?: string) => {
      if (targetId === undefined) return logs.recentLines(file, limit);
      const target = parts.collector.targets().find(({ id }) => id === targetId);
      return target === undefined ? [] : logs.recentLines(file, limit, target);
    },
    history: history.query,
    ready: () => readyState(control.hasSynced(), pipeline.hasLooked()),
    firstContainer: config.defaults.containerName,
  };
  const { replica, dashboard } = config;
  const key = replica && replicaKey(parts.access, replica.key);
  return createDashboard(
    { ...dashboard, access: parts.access, replicaKey: key, webDir },
    { reader, desk: createDesk(config, parts, clock), registry: parts.registry, clock, log },
  );
}

function readyState(hasSynced: boolean, hasLooked: boolean): { ready: true } | { ready: false; waitingFor: string } {
  if (!hasSynced) return { ready: false, waitingFor: 'the declarations to be read' };
  return hasLooked ? { ready: true } : { ready: false, waitingFor: 'the first look at the containers' };
}
