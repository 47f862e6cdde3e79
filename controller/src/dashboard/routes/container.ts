import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../../clock.ts';
import { errorMessage } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { ContainerLinks } from '../../model/container.ts';
import type { ContainerAnswer, LoadTestSpan } from '../answers/container.ts';
import { containerAnswer } from '../container-answer.ts';
import type { DashboardDetails, Span } from '../details.ts';
import type { LogStreams } from '../log-stream.ts';
import type { DashboardReader } from '../reader.ts';
import type { Uptime } from '../uptime-cache.ts';
import { securityHeaders } from '../security.ts';
import { marksRoute } from './marks.ts';
import { targetId } from './schemas.ts';
import { notFound } from './send-outcome.ts';
import { uptimeRoute } from './uptime.ts';

export interface ContainerRouteDeps {
  readonly reader: DashboardReader;
  readonly details: DashboardDetails;
  readonly logs: LogStreams;
  readonly uptime: Uptime;
  /** Whether who asked is still signed in. */
  readonly isStillIn: (request: FastifyRequest) => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

const LINKS_TIMEOUT_MS = 3000;
const DEFAULT_TAIL = 500;
const MAX_TAIL = 2000;

const target = { type: 'object', required: ['target'], properties: { target: targetId } } as const;
const tail = {
  type: 'object',
  required: ['target'],
  properties: { target: targetId, tail: { type: 'integer', minimum: 0, maximum: MAX_TAIL, default: DEFAULT_TAIL } },
} as const;

/** What the page of a container shows. */
export function containerRoutes(app: FastifyInstance, deps: ContainerRouteDeps): void {
  app.get<{ Querystring: { target: string } }>(
    '/api/container',
    { schema: { querystring: target } },
    async ({ query }, reply) =>
      (await readContainer(deps, query.target)) ?? notFound(reply, `container ${query.target}`),
  );
  marksRoute(app, {
    episodes: deps.details.episodes,
    marks: deps.details.containers.marks,
    loadSpans: (id, span) => readLoadSpans(deps, id, span),
    clock: deps.clock,
  });
  uptimeRoute(app, deps.uptime);
  app.get<{ Querystring: { target: string; tail: number } }>(
    '/api/container/log',
    { schema: { querystring: tail }, exposeHeadRoute: false },
    (request, reply) => {
      const { query } = request;
      const missing = deps.details.containers.logMissing(query.target);
      if (missing !== undefined) return reply.code(404).send({ error: missing });
      reply.hijack();
      for (const [name, value] of Object.entries(securityHeaders)) reply.raw.setHeader(name, value);
      if (
        !deps.logs.open(reply.raw, {
          targetId: query.target,
          tailLines: query.tail,
          isStillIn: () => deps.isStillIn(request),
        })
      ) {
        reply.raw.writeHead(503, { 'retry-after': '10' }).end('too many logs are watched\n');
      }
      return undefined;
    },
  );
}

async function readContainer(deps: ContainerRouteDeps, id: string): Promise<ContainerAnswer | undefined> {
  const { reader, details } = deps;
  const snapshot = reader.overview();
  const seen = snapshot.targets.find(({ observation }) => observation.target.id === id);
  if (seen === undefined) return undefined;
  return containerAnswer({
    seen: { ...seen, sparklines: reader.sparklines(id) },
    container: details.containers.find(id),
    links: await linksOf(deps, id),
    standings: details.containers.standings(id),
    alerts: snapshot.alerts.filter((alert) => alert.target.id === id),
    logMissing: details.containers.logMissing(id),
  });
}

/** A host that is away costs the ports, not the page. */
async function linksOf({ details, clock, log }: ContainerRouteDeps, id: string): Promise<ContainerLinks | undefined> {
  const late = new AbortController();
  const answered = new AbortController();
  const deadline = clock.sleep(LINKS_TIMEOUT_MS, answered.signal).then(
    () => late.abort(new Error('the host does not answer')),
    () => undefined,
  );
  try {
    return await details.containers.links(id, late.signal);
  } catch (error) {
    log.debug({ target: id, error: errorMessage(error) }, 'ports and networks are not known');
    return undefined;
  } finally {
    answered.abort();
    await deadline;
  }
}

async function readLoadSpans(
  { reader, details }: ContainerRouteDeps,
  id: string,
  span: Span,
): Promise<readonly LoadTestSpan[]> {
  const seen = reader.overview().targets.find(({ observation }) => observation.target.id === id);
  return seen === undefined ? [] : details.containers.loadSpans(seen.observation.target.name, span);
}
