import type { FastifyInstance } from 'fastify';
import type { TargetUptime, UptimeAnswer } from '../answers/container.ts';
import type { StatusPageAnswer } from '../answers/status-page.ts';
import type { DashboardReader } from '../reader.ts';
import { statusPage, statusTargets, type StatusPageOptions } from '../status-page.ts';

export interface StatusPageDeps {
  readonly reader: DashboardReader;
  readonly uptime: { of(targetIds: readonly string[]): Promise<UptimeAnswer> };
  readonly options: StatusPageOptions;
}

/** However many look: the answer is made at most so often. */
const FRESH_MS = 5000;

/** For everybody, without a sign-in; only when containers were chosen for it. */
export function statusPageRoutes(app: FastifyInstance, deps: StatusPageDeps): void {
  if (deps.options.names.length === 0) return;
  let made: { readonly at: number; readonly answer: Promise<StatusPageAnswer> } | undefined;
  app.get('/api/status-page', { config: { access: 'public' } }, (_request, reply) => {
    const { at } = deps.reader.overview();
    if (made === undefined || at - made.at >= FRESH_MS || at < made.at) made = { at, answer: readStatusPage(deps) };
    reply.header('cache-control', 'no-store');
    return made.answer;
  });
}

async function readStatusPage({ reader, uptime, options }: StatusPageDeps): Promise<StatusPageAnswer> {
  const snapshot = reader.overview();
  const { shown, leftOut } = statusTargets(snapshot, options);
  const { targets } = await uptime.of(shown.map(({ observation }) => observation.target.id));
  const uptimes = new Map(targets.map((one): [string, TargetUptime] => [one.target, one]));
  return statusPage({ at: reader.lookedAt() ?? snapshot.at, title: options.title, shown, leftOut, uptimes });
}
