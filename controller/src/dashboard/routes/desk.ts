import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { DashboardActions } from '../actions.ts';
import type { DashboardDetails } from '../details.ts';
import { createLogStreams } from '../log-stream.ts';
import type { DashboardReader } from '../reader.ts';
import { createUptime } from '../uptime-cache.ts';
import { alertRoutes } from './alerts.ts';
import { containerRoutes } from './container.ts';
import { loadTestRoutes } from './load-tests.ts';
import { mailRoutes } from './mails.ts';
import { policyRoutes } from './policies.ts';

/** What can be looked at and done beyond the overview. */
export interface Desk {
  readonly details: DashboardDetails;
  readonly actions: DashboardActions;
}

export interface DeskDeps extends Desk {
  readonly reader: DashboardReader;
  /** Who asks, for the record. */
  readonly userOf: (request: FastifyRequest) => string;
  /** Whether who asked is still signed in. */
  readonly isStillIn: (request: FastifyRequest) => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** All routes of the desk. Who may use them is decided before they are reached. */
export function deskRoutes(app: FastifyInstance, deps: DeskDeps): void {
  const logs = createLogStreams({ containers: deps.details.containers, clock: deps.clock, log: deps.log });
  containerRoutes(app, { ...deps, logs, uptime: createUptime(deps) });
  policyRoutes(app, deps);
  alertRoutes(app, deps);
  loadTestRoutes(app, deps);
  mailRoutes(app, deps);
  app.addHook('preClose', async () => logs.stop());
}
