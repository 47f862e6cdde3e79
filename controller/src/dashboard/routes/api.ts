import type { FastifyInstance } from 'fastify';
import type { DashboardReader } from '../reader.ts';
import { dashboardView, type ContainerView, type DashboardView } from '../view.ts';
import { historyRoute } from './history.ts';

const MAX_LINES = 500;

const logQuery = {
  type: 'object',
  required: ['file'],
  properties: {
    file: { enum: ['metrics', 'status'] },
    limit: { type: 'integer', minimum: 1, maximum: MAX_LINES, default: 50 },
    target: { type: 'string', minLength: 1, maxLength: 1000 },
  },
} as const;

/** The JSON side: what the page and scripts read. */
export function apiRoutes(app: FastifyInstance, reader: DashboardReader): void {
  app.get('/api/metrics', () => originalMetrics(dashboardView(reader), reader.firstContainer));
  app.get('/api/state', () => dashboardView(reader));
  app.get<{ Querystring: { file: 'metrics' | 'status'; limit: number; target?: string } }>(
    '/api/logs',
    { schema: { querystring: logQuery } },
    ({ query }) => ({
      lines: reader.recentLines(query.file, query.limit, query.target),
    }),
  );
  historyRoute(app, { history: reader.history, now: () => reader.snapshot().at });
}

/** The fields of the original system speak of one container; `containers` has all. */
export function originalMetrics(view: DashboardView, firstContainer: string | undefined): unknown {
  const byName = view.containers.find(({ name }) => name === firstContainer);
  const first = byName ?? [...view.containers].sort((a, b) => a.id.localeCompare(b.id))[0];
  return {
    timestamp: new Date(view.at).toISOString(),
    ...(first === undefined ? nothing : originalFields(first)),
    containers: view.containers,
  };
}

const nothing = { container_status: 'UNKNOWN', http_code: null, cpu: null, memory: null, latency: null };

function originalFields(container: ContainerView): Readonly<Record<string, unknown>> {
  return {
    container_status: statusWord(container),
    http_code: container.http?.status ?? null,
    cpu: container.cpuPercent,
    memory: container.memoryPercent,
    latency: container.http?.latencySeconds ?? null,
  };
}

function statusWord(container: ContainerView): 'UP' | 'DOWN' | 'UNKNOWN' {
  if (container.state === 'unreachable') return 'UNKNOWN';
  return container.state === 'running' ? 'UP' : 'DOWN';
}
