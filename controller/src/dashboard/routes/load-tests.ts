import type { FastifyInstance } from 'fastify';
import type { DashboardActions } from '../actions.ts';
import type { LoadSamplesAnswer, LoadStartRequest, LoadStopRequest } from '../answers/load-tests.ts';
import type { DoneAnswer } from '../answers/policies.ts';
import type { DashboardDetails } from '../details.ts';
import { LARGEST_BODY_BYTES, objectKey, yamlText } from './schemas.ts';
import { notFound, sendOutcome } from './send-outcome.ts';

export interface LoadTestRouteDeps {
  readonly details: DashboardDetails;
  readonly actions: DashboardActions;
}

const key = { type: 'object', required: ['key'], properties: { key: objectKey }, additionalProperties: false } as const;
const start = {
  type: 'object',
  properties: {
    sample: { type: 'string', pattern: '^[a-z0-9-]{1,63}$' },
    yaml: yamlText,
    url: { type: 'string', minLength: 1, maxLength: 2048 },
  },
  additionalProperties: false,
  oneOf: [{ required: ['sample'] }, { required: ['yaml'] }],
} as const;

/** Load tests: what runs and ran, what can be started, start and stop. */
export function loadTestRoutes(app: FastifyInstance, { details, actions }: LoadTestRouteDeps): void {
  app.get('/api/load-tests', () => details.loadTests.list());
  app.get('/api/load-tests/samples', (): LoadSamplesAnswer => ({ samples: details.loadTests.samples() }));
  app.get<{ Querystring: { key: string } }>(
    '/api/load-test',
    { schema: { querystring: key } },
    async ({ query }, reply) => (await details.loadTests.read(query.key)) ?? notFound(reply, `load test ${query.key}`),
  );
  app.post<{ Body: LoadStartRequest }>(
    '/api/load-tests',
    { schema: { body: start }, bodyLimit: LARGEST_BODY_BYTES },
    async ({ body }, reply) => sendOutcome(reply, await actions.startLoadTest(body), (answer) => answer),
  );
  app.post<{ Body: LoadStopRequest }>('/api/load-tests/stop', { schema: { body: key } }, async ({ body }, reply) =>
    sendOutcome(reply, await actions.stopLoadTest(body.key), (): DoneAnswer => ({ done: true })),
  );
}
