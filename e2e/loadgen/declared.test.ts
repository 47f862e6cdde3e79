/** What the controller admits and makes of a declaration, the generator takes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createEmbeddedClient } from '../../controller/src/apiserver/embedded-client.ts';
import { openTestApi } from '../../controller/src/apiserver/test-api.ts';
import { loadTests, type KubeObject } from '../../controller/src/kube/client.ts';
import { commandLine } from '../../controller/src/loadtest/command-line.ts';
import { argumentsOf } from '../../controller/src/loadtest/launcher.ts';
import { planDurationMs, type LoadTest } from '../../controller/src/model/load-test.ts';
import { loadTestFromObject } from '../../controller/src/reconcile/load-test-from-object.ts';
import { validateLoadTest } from '../../controller/src/reconcile/load-test-validate.ts';
import { RESERVED_HEADERS } from '../../loadgen/src/header.ts';
import { parseCommand, type LoadOptions } from '../../loadgen/src/options.ts';

const folder = join(import.meta.dirname, '../../manifests/loadtests');
const SAMPLES = ['breakpoint', 'extreme', 'high', 'low', 'medium', 'smoke', 'soak', 'spike'];

/** As the API admits it, with its defaults. */
async function admit(object: object): Promise<LoadTest> {
  const { api } = await openTestApi({ LoadTest: validateLoadTest });
  const client = createEmbeddedClient({ api, fieldManager: 'test' });
  const parsed = loadTestFromObject(await client.create(loadTests, object as KubeObject));
  if (parsed.kind === 'invalid') throw new Error(`${parsed.field}: ${parsed.message}`);
  return parsed.test;
}

function asGenerator(test: LoadTest, index: number, env: Readonly<Record<string, string>> = {}): LoadOptions {
  const order = { args: commandLine(test), parallelism: test.parallelism, index };
  const command = parseCommand(argumentsOf(order, test.url), env);
  if (command.kind !== 'load') throw new Error('expected a load');
  return command;
}

describe('a declared load test', () => {
  it('is among eight samples', () => {
    expect(readdirSync(folder).toSorted()).toEqual(SAMPLES.map((name) => `${name}.yaml`));
  });

  it.each(SAMPLES)('as in the sample %s is admitted, and is what its generator does', async (name) => {
    const object = parse(readFileSync(join(folder, `${name}.yaml`), 'utf8')) as KubeObject;
    const test = await admit({ ...object, metadata: { ...object.metadata, namespace: 'default' } });
    const { plan, endpoints, timeoutMs, concurrency } = asGenerator(test, 0);
    expect(plan.durationMs).toBe(planDurationMs(test));
    expect(endpoints.map(({ method, path, weight }) => ({ method, path, weight }))).toEqual(
      test.endpoints.map(({ method, path, weight }) => ({ method, path, weight })),
    );
    expect([timeoutMs, concurrency]).toEqual([test.timeoutMs, test.concurrency]);
    expect(test.thresholds.length).toBeGreaterThan(0);
  });

  it('sends of several generators together what one would send, with numbers that differ', async () => {
    const test = await admit({
      apiVersion: 'foghorn.dev/v1alpha1',
      kind: 'LoadTest',
      metadata: { name: 'many', namespace: 'default' },
      spec: {
        target: { url: 'http://webapp:8000/api', headers: { 'X-Run': '\\{{a}}' }, bearerEnv: 'LOADTEST_SECRET_A' },
        endpoints: [
          {
            path: '/orders/{{seq}}?u={{uuid}}',
            method: 'POST',
            weight: 2,
            headers: { 'X-N': '{{randomInt 5 5}}' },
            body: '{"at":{{now}}}',
          },
          { path: '/' },
        ],
        stages: [
          { duration: '10s', rate: 100 },
          { duration: '10s', rate: 100 },
        ],
        parallelism: 3,
        concurrency: 10,
      },
    });
    const parts = [0, 1, 2].map((index) => asGenerator(test, index, { LOADTEST_SECRET_A: 't0ken' }));
    const total = parts.reduce((sum, { plan }) => sum + plan.totalRequests, 0);
    expect([total, parts.reduce((sum, { concurrency }) => sum + concurrency, 0)]).toEqual([1_500, 10]);
    expect(parts.map(({ numbering }) => numbering)).toEqual([1, 2, 3].map((first) => ({ first, step: 3 })));
    const request = parts[0]?.requests[0]?.(7);
    expect(request).toMatchObject({
      method: 'POST',
      path: expect.stringMatching(/^\/api\/orders\/7\?u=[0-9a-f-]{36}$/),
      headers: { 'x-run': '{{a}}', 'x-n': '5', authorization: 'Bearer t0ken', 'content-type': 'application/json' },
    });
    expect(String(request?.body)).toMatch(/^\{"at":\d{13}\}$/);
  });

  it.each([...RESERVED_HEADERS])(
    'with the header %s, which its generator would refuse, is refused at once',
    async (name) => {
      const object = {
        apiVersion: 'foghorn.dev/v1alpha1',
        kind: 'LoadTest',
        metadata: { name: 'reserved', namespace: 'default' },
        spec: {
          target: { url: 'http://webapp:8000' },
          endpoints: [{ path: '/', headers: { [name]: 'x' } }],
          stages: [{ duration: '1s', rate: 1 }],
        },
      };
      await expect(admit(object)).rejects.toThrow('belongs to the connection');
    },
  );
});
