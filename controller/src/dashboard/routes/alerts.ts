import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../../clock.ts';
import { severities } from '../../model/severity.ts';
import type { DashboardActions } from '../actions.ts';
import type { AcknowledgeRequest, SilenceCreatedAnswer, SilenceRequest, SilencesAnswer } from '../answers/alerts.ts';
import type { DoneAnswer } from '../answers/policies.ts';
import type { DashboardDetails } from '../details.ts';
import type { DashboardReader } from '../reader.ts';
import { alertHistoryRoute } from './alert-history.ts';
import { alertKey, objectKey, targetId } from './schemas.ts';
import { sendOutcome } from './send-outcome.ts';

export interface AlertRouteDeps {
  readonly reader: DashboardReader;
  readonly details: DashboardDetails;
  readonly actions: DashboardActions;
  /** Who asks, for the record. */
  readonly userOf: (request: FastifyRequest) => string;
  readonly clock: Clock;
}

/** As long as the schema of a Silence allows: a year. */
const MAX_SILENCE_MS = 8760 * 3_600_000;
const MIN_SILENCE_MS = 1000;

const acknowledge = {
  type: 'object',
  required: ['key', 'acknowledged'],
  properties: { key: alertKey, acknowledged: { type: 'boolean' } },
  additionalProperties: false,
} as const;
const texts = (maxLength: number) =>
  ({ type: 'array', maxItems: 100, items: { type: 'string', minLength: 1, maxLength } }) as const;
const matchers = {
  type: 'object',
  properties: {
    policies: texts(253),
    rules: texts(63),
    severities: { type: 'array', maxItems: 3, items: { enum: [...severities] } },
    containerNames: texts(255),
    matchLabels: { type: 'object', maxProperties: 50, additionalProperties: { type: 'string', maxLength: 1024 } },
  },
  additionalProperties: false,
} as const;
const silence = {
  type: 'object',
  required: ['comment'],
  properties: {
    alertKey,
    target: targetId,
    matchers,
    durationMs: { type: 'integer', minimum: MIN_SILENCE_MS, maximum: MAX_SILENCE_MS },
    until: { type: 'integer', minimum: 0 },
    comment: { type: 'string', maxLength: 1024 },
    namespace: { type: 'string', pattern: '^[a-z0-9-]{1,63}$' },
  },
  additionalProperties: false,
  allOf: [
    { oneOf: [{ required: ['alertKey'] }, { required: ['target'] }, { required: ['matchers'] }] },
    { oneOf: [{ required: ['durationMs'] }, { required: ['until'] }] },
  ],
} as const;
const name = { type: 'object', required: ['name'], properties: { name: objectKey } } as const;

/** Alerts with their stories, and what keeps them quiet. */
export function alertRoutes(app: FastifyInstance, deps: AlertRouteDeps): void {
  const { details, reader, clock } = deps;
  alertHistoryRoute(app, {
    episodes: details.episodes,
    alertObjectName: details.alertObjectName,
    alerts: () => reader.overview().alerts,
    clock,
  });
  silenceRoutes(app, deps);
  app.post<{ Body: AcknowledgeRequest }>(
    '/api/alerts/acknowledge',
    { schema: { body: acknowledge } },
    async (request, reply) => {
      const { key, acknowledged } = request.body;
      const by = acknowledged ? deps.userOf(request) : undefined;
      return sendOutcome(reply, await deps.actions.acknowledge(key, by), (): DoneAnswer => ({ done: true }));
    },
  );
}

function silenceRoutes(app: FastifyInstance, { details, actions, userOf }: AlertRouteDeps): void {
  app.get('/api/silences', async (): Promise<SilencesAnswer> => ({ silences: await details.silences() }));
  app.post<{ Body: SilenceRequest }>('/api/silences', { schema: { body: silence } }, async (request, reply) =>
    sendOutcome(reply, await actions.silence(request.body, userOf(request)), (silences): SilenceCreatedAnswer => ({
      silences,
    })),
  );
  app.delete<{ Querystring: { name: string } }>(
    '/api/silences',
    { schema: { querystring: name } },
    async ({ query }, reply) =>
      sendOutcome(reply, await actions.deleteSilence(query.name), (): DoneAnswer => ({ done: true })),
  );
}
