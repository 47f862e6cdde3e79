/** Builds the application; it does not listen, so that tests can send requests straight into it. */
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { describeDatabaseError, type Database } from './database.ts';
import { randomNumbers, sumOfSquares } from './work.ts';

export interface AppDependencies {
  readonly database: Database;
  /** Epoch ms. */
  readonly now: () => number;
  /** One line for the log of the container. */
  readonly log: (line: string) => void;
}

const TEST_SIZE = 1_000_000;
const SAMPLE_SIZE = 10;

/** No route reads a body. */
const BODY_LIMIT_BYTES = 16 * 1024;
/** Time for a client to send its whole request: a slow one must not hold a connection for ever. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Idle connections are kept longer than any pause between two requests of a monitor that polls every 30 s. */
const KEEP_ALIVE_MS = 65_000;
/** Far above what the tests of load need; beyond it a connection is refused instead of starving the others. */
const MAX_CONNECTIONS = 1_000;

/** `result` is an exact integer above 2^53, which only a schema makes the serializer write as digits. */
const CPU_TEST_SCHEMA = {
  response: {
    200: {
      type: 'object',
      properties: { test: { type: 'string' }, duration: { type: 'number' }, result: { type: 'integer' } },
    },
  },
} as const;

/**
 * The routes of the sample application: `/`, `/health`, `/cpu-test`, `/memory-test`, `/db-test`, `/combined-test`.
 * Durations are in seconds. What needs the database answers 500 `{status, error}` while the database is away.
 */
export function buildApp(dependencies: AppDependencies): FastifyInstance {
  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  const database = watchDatabase(dependencies);
  const seconds = createStopwatch(dependencies.now);

  app.get('/', () => ({
    status: 'ok',
    message: 'The sample application is running',
    timestamp: new Date(dependencies.now()).toISOString(),
  }));

  app.get('/health', async (_request, reply) => {
    const answer = await database.use((port) => port.ping());
    return answer.ok ? { status: 'healthy', database: 'connected' } : unavailable(reply, answer.error);
  });

  app.get('/cpu-test', { schema: CPU_TEST_SCHEMA }, async () => {
    const { value, duration } = await seconds(() => sumOfSquares(TEST_SIZE));
    return { test: 'cpu', duration, result: value };
  });

  app.get('/memory-test', async () => {
    const numbers = await randomNumbers(TEST_SIZE);
    return { test: 'memory', items_created: numbers.length, sample: numbers.slice(0, SAMPLE_SIZE) };
  });

  app.get('/db-test', async (_request, reply) => {
    const answer = await database.use((port) => port.addTestLog('database test'));
    if (!answer.ok) return unavailable(reply, answer.error);
    return { test: 'database', new_record_id: answer.value.newRecordId, total_records: answer.value.totalRecords };
  });

  app.get('/combined-test', async (_request, reply) => {
    const { duration } = await seconds(() => sumOfSquares(TEST_SIZE));
    const numbers = await randomNumbers(TEST_SIZE);
    const answer = await database.use((port) => port.addTestLog('combined test'));
    if (!answer.ok) return unavailable(reply, answer.error);
    return { cpu_time: duration, memory_items: numbers.length, database: 'connected' };
  });

  app.addHook('onClose', () => dependencies.database.close());
  return app;
}

type Answer<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: string };

interface WatchedDatabase {
  use<Value>(query: (database: Database) => Promise<Value>): Promise<Answer<Value>>;
}

/** Turns a failing query into an answer, and logs only when the database goes away or comes back: load would flood the log. */
function watchDatabase(dependencies: AppDependencies): WatchedDatabase {
  let away = false;
  return {
    use: async (query) => {
      try {
        const value = await query(dependencies.database);
        if (away) dependencies.log('database is back');
        away = false;
        return { ok: true, value };
      } catch (error) {
        const reason = describeDatabaseError(error);
        if (!away)
          dependencies.log(`database is away: ${JSON.stringify(reason)}; /health answers 500 until it is back`);
        away = true;
        return { ok: false, error: reason };
      }
    },
  };
}

function unavailable(reply: FastifyReply, error: string): { readonly status: string; readonly error: string } {
  reply.code(500);
  return { status: 'unhealthy', error };
}

interface Timed<Value> {
  readonly value: Value;
  /** Seconds. */
  readonly duration: number;
}

function createStopwatch(now: () => number): <Value>(work: () => Promise<Value>) => Promise<Timed<Value>> {
  return async (work) => {
    const startMs = now();
    const value = await work();
    return { value, duration: (now() - startMs) / 1000 };
  };
}
