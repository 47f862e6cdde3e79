import type { FastifyInstance } from 'fastify';
import type { DashboardActions } from '../actions.ts';
import type { DoneAnswer, PoliciesAnswer } from '../answers/policies.ts';
import type { DashboardDetails } from '../details.ts';
import { policyAnswer, policySummary } from '../policy-answer.ts';
import type { DashboardReader } from '../reader.ts';
import { LARGEST_BODY_BYTES, objectKey, yamlText } from './schemas.ts';
import { notFound, sendOutcome } from './send-outcome.ts';

export interface PolicyRouteDeps {
  readonly reader: DashboardReader;
  readonly details: DashboardDetails;
  readonly actions: DashboardActions;
}

/** As long as samples of a minute are kept. */
const MAX_PREVIEW_HOURS = 48;

const key = { type: 'object', required: ['key'], properties: { key: objectKey } } as const;
const yaml = {
  type: 'object',
  required: ['yaml'],
  properties: { yaml: yamlText },
  additionalProperties: false,
} as const;
const preview = {
  type: 'object',
  required: ['yaml'],
  properties: {
    yaml: yamlText,
    hours: { type: 'number', exclusiveMinimum: 0, maximum: MAX_PREVIEW_HOURS, default: 24 },
  },
  additionalProperties: false,
} as const;
const apply = {
  type: 'object',
  required: ['yaml'],
  properties: { yaml: yamlText, resourceVersion: { type: 'string', pattern: '^[0-9a-f]{16}$' } },
  additionalProperties: false,
} as const;
const kind = {
  type: 'object',
  required: ['kind'],
  properties: { kind: { enum: ['MonitorPolicy', 'LoadTest', 'Silence'] } },
} as const;

/** Policies: read, check, try on the past, apply, delete. */
export function policyRoutes(app: FastifyInstance, deps: PolicyRouteDeps): void {
  const { details, actions } = deps;
  readRoutes(app, deps);
  app.post<{ Body: { yaml: string } }>(
    '/api/policies/check',
    { schema: { body: yaml }, bodyLimit: LARGEST_BODY_BYTES, config: { access: 'view' } },
    ({ body }) => details.policies.check(body.yaml),
  );
  app.post<{ Body: { yaml: string; hours: number } }>(
    '/api/policies/preview',
    { schema: { body: preview }, bodyLimit: LARGEST_BODY_BYTES },
    async ({ body }, reply) =>
      sendOutcome(reply, await details.policies.preview(body.yaml, body.hours), (answer) => answer),
  );
  app.put<{ Body: { yaml: string; resourceVersion?: string } }>(
    '/api/policies',
    { schema: { body: apply }, bodyLimit: LARGEST_BODY_BYTES },
    async ({ body }, reply) => sendOutcome(reply, await actions.applyPolicies(body), (answer) => answer),
  );
  app.delete<{ Querystring: { key: string } }>(
    '/api/policies',
    { schema: { querystring: key } },
    async ({ query }, reply) =>
      sendOutcome(reply, await actions.deletePolicy(query.key), (): DoneAnswer => ({ done: true })),
  );
}

function readRoutes(app: FastifyInstance, { reader, details }: PolicyRouteDeps): void {
  app.get('/api/policies', async (): Promise<PoliciesAnswer> => {
    const declared = await details.policies.list();
    const snapshot = reader.overview();
    return { policies: declared.map((one) => policySummary(one, snapshot, reader.conditions(one.key))) };
  });
  app.get<{ Querystring: { key: string } }>(
    '/api/policy',
    { schema: { querystring: key } },
    async ({ query }, reply) => {
      const text = await details.policies.read(query.key);
      if (text === undefined) return notFound(reply, `policy ${query.key}`);
      return policyAnswer({
        text,
        snapshot: reader.overview(),
        conditions: reader.conditions(query.key),
        policy: details.policies.inForce(query.key),
        tally: details.policies.tally(query.key),
      });
    },
  );
  app.get<{ Querystring: { kind: string } }>('/api/schema', { schema: { querystring: kind } }, ({ query }, reply) => {
    const schema = details.schema(query.kind);
    return schema === undefined ? notFound(reply, `schema of ${query.kind}`) : schema;
  });
}
