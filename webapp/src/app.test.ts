import { afterEach, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { buildApp } from './app.ts';
import type { Database } from './database.ts';

interface FakeDatabase extends Database {
  failure: Error | undefined;
  messages: string[];
  closes: number;
}

function fakeDatabase(): FakeDatabase {
  const fake: FakeDatabase = {
    failure: undefined,
    messages: [],
    closes: 0,
    ping: async () => {
      if (fake.failure) throw fake.failure;
    },
    addTestLog: async (message) => {
      if (fake.failure) throw fake.failure;
      fake.messages.push(message);
      return { newRecordId: fake.messages.length, totalRecords: fake.messages.length };
    },
    close: async () => {
      fake.closes += 1;
    },
  };
  return fake;
}

const NOW = Date.parse('2026-01-02T03:04:05.678Z');
const database = fakeDatabase();
const lines: string[] = [];
let app: FastifyInstance = build();

function build(): FastifyInstance {
  return buildApp({ database, now: () => NOW, log: (line) => lines.push(line) });
}

afterEach(async () => {
  await app.close();
  database.failure = undefined;
  database.messages = [];
  lines.length = 0;
  app = build();
});

describe('the sample application', () => {
  it('greets with the time', async () => {
    const response = await app.inject('/');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      status: 'ok',
      message: 'The sample application is running',
      timestamp: '2026-01-02T03:04:05.678Z',
    });
  });

  it('is healthy when the database answers', async () => {
    const response = await app.inject('/health');
    expect([response.statusCode, response.json()]).toEqual([200, { status: 'healthy', database: 'connected' }]);
  });

  it.each(['/health', '/db-test', '/combined-test'])(
    'answers 500 with the reason on %s without a database',
    async (path) => {
      database.failure = new Error('connect ECONNREFUSED');
      const response = await app.inject(path);
      expect([response.statusCode, response.json()]).toEqual([
        500,
        { status: 'unhealthy', error: 'connect ECONNREFUSED' },
      ]);
    },
  );

  it('names the reasons of a connection that was refused on two addresses', async () => {
    database.failure = new AggregateError([new Error('refused on ::1'), new Error('refused on 127.0.0.1')]);
    const response = await app.inject('/health');
    expect(response.json()).toMatchObject({ error: 'refused on ::1; refused on 127.0.0.1' });
  });

  it('logs once that the database went away and once that it is back', async () => {
    database.failure = new Error('gone\nforged line');
    await app.inject('/health');
    await app.inject('/db-test');
    database.failure = undefined;
    await app.inject('/health');
    await app.inject('/health');
    expect(lines).toEqual([
      String.raw`database is away: "gone\nforged line"; /health answers 500 until it is back`,
      'database is back',
    ]);
  });

  it('adds a million squares exactly, though the sum exceeds a double', async () => {
    const response = await app.inject('/cpu-test');
    expect(response.body).toBe('{"test":"cpu","duration":0,"result":333332833333500000}');
  });

  it('keeps a million numbers in memory and shows ten', async () => {
    const answer: unknown = (await app.inject('/memory-test')).json();
    expect(answer).toMatchObject({ test: 'memory', items_created: 1_000_000 });
    expect(answer).toHaveProperty('sample.length', 10);
  });

  it('writes a record and counts', async () => {
    await app.inject('/db-test');
    const response = await app.inject('/db-test');
    expect(response.json()).toEqual({ test: 'database', new_record_id: 2, total_records: 2 });
  });

  it('does all three at once on /combined-test', async () => {
    const response = await app.inject('/combined-test');
    expect(response.json()).toEqual({ cpu_time: 0, memory_items: 1_000_000, database: 'connected' });
  });

  it('answers its health check while ten CPU tests run', async () => {
    const order: string[] = [];
    const tests = Array.from({ length: 10 }, async () => {
      await app.inject('/cpu-test');
      order.push('cpu');
    });
    const health = app.inject('/health').then(() => order.push('health'));
    await Promise.all([...tests, health]);
    expect(order[0]).toBe('health');
  });

  it('refuses a body that no route needs', async () => {
    const response = await app.inject({ method: 'POST', url: '/', payload: { text: 'x'.repeat(20_000) } });
    expect([404, 413]).toContain(response.statusCode);
  });

  it('closes the database with itself, once', async () => {
    const before = database.closes;
    await app.close();
    await app.close();
    expect(database.closes).toBe(before + 1);
  });
});
