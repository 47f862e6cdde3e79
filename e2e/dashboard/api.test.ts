import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { SilencesAnswer } from '../../controller/src/dashboard/answers/alerts.ts';
import type { ContainerAnswer, UptimeAnswer } from '../../controller/src/dashboard/answers/container.ts';
import type { SessionAnswer } from '../../controller/src/dashboard/answers/session.ts';
import { useStack } from '../stack/stack.ts';

const REQUEST_TIMEOUT_MS = 60_000;

/** In force nowhere but here. */
const yaml = (expr: string): string =>
  `apiVersion: foghorn.dev/v1alpha1\nkind: MonitorPolicy\nmetadata: { name: from-the-page }\nspec:\n  selector: {}\n  rules: [{ name: cpu, severity: info, expr: ${expr} }]\n`;

describe('the HTTP side of the controller', () => {
  const stack = useStack();
  const { url } = stack.api;

  async function get(path: string): Promise<{ readonly status: number; readonly type: string; readonly body: string }> {
    const response = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      body: await response.text(),
    };
  }

  async function idOf(container: string): Promise<string> {
    const { containers } = await stack.api.state();
    const found = containers.find(({ name }) => name === container);
    if (found === undefined) throw new Error(`${container} is not seen`);
    return found.id;
  }

  async function write(method: string, path: string, body?: object): Promise<{ status: number; answer: unknown }> {
    const { csrfToken } = JSON.parse((await get('/api/session')).body) as SessionAnswer;
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'x-csrf-token': csrfToken ?? '', ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    return { status: response.status, answer: await response.json() };
  }

  it('keeps the fields of the system it replaces in /api/metrics, for the watched container', async () => {
    expect((await get('/api/metrics')).type).toContain('application/json');
    // Two looks make a rate.
    await expect
      .poll(async () => JSON.parse((await get('/api/metrics')).body) as unknown)
      .toMatchObject({
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        container_status: 'UP',
        http_code: 200,
        cpu: expect.any(Number),
        memory: expect.any(Number),
        latency: expect.any(Number),
        containers: expect.arrayContaining([expect.objectContaining({ name: 'postgres-db' })]),
      });
  });

  it('gives the history of a container', async () => {
    const id = await idOf('webapp');
    const { status, body } = await get(`/api/history?target=${encodeURIComponent(id)}&metric=memory`);
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ target: id, metric: 'memory' });
  });

  it('tells what a container is, and how it is reached', async () => {
    const id = await idOf('webapp');
    const { body } = await get(`/api/container?target=${encodeURIComponent(id)}`);
    const answer = JSON.parse(body) as ContainerAnswer;
    expect(answer).toMatchObject({ container: { id, state: 'running' }, log: { available: true } });
    expect(answer.ports?.map(({ containerPort }) => containerPort)).toContain(8000);
    expect(answer.networks).not.toEqual([]);
    expect(answer.policies).not.toEqual([]);
    expect(answer.thresholds).toContainEqual(expect.objectContaining({ metric: 'cpu', breach: 'above', rule: 'cpu' }));
  });

  it('tells what each rule sees', async () => {
    const path = `/api/container?target=${encodeURIComponent(await idOf('webapp'))}`;
    const cpu = async (): Promise<unknown> => {
      const { rules } = JSON.parse((await get(path)).body) as ContainerAnswer;
      return rules.find(({ rule, severity }) => rule === 'cpu' && severity === 'critical');
    };
    await expect.poll(cpu).toMatchObject({ verdict: 'clear', values: { cpu: expect.any(Number) } });
  });

  it('follows the output of a container, and lets go of it', async () => {
    const abort = new AbortController();
    const path = `/api/container/log?target=${encodeURIComponent(await idOf('webapp'))}&tail=5`;
    const response = await fetch(`${url}${path}`, {
      signal: AbortSignal.any([abort.signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
    });
    let text = '';
    for await (const piece of response.body ?? []) {
      text += Buffer.from(piece).toString('utf8');
      if (text.includes('event: lines')) break;
    }
    abort.abort();
    expect(text).toContain('"stream":');
  });

  it('shows the last 24 hours, and what happened meanwhile', async () => {
    const id = await idOf('webapp');
    const slots = async () => {
      const { targets } = JSON.parse((await get(`/api/uptime?targets=${encodeURIComponent(id)}`)).body) as UptimeAnswer;
      return targets[0]?.slots ?? [];
    };
    expect(await slots()).toHaveLength(48);
    // The last has begun a moment ago, twice an hour.
    await expect.poll(async () => (await slots()).at(-1)?.up).toBeGreaterThan(0);
    expect((await get(`/api/container/marks?target=${encodeURIComponent(id)}`)).status).toBe(200);
  });

  it('takes a policy, says where one is wrong, and shows what it would have said', async () => {
    const wrong = await write('PUT', '/api/policies', { yaml: yaml('cpux > 1000') });
    expect(wrong).toMatchObject({ status: 422, answer: { details: [{ line: 6, path: 'spec.rules[0].expr' }] } });
    expect(await write('PUT', '/api/policies', { yaml: yaml('cpu > 1000') })).toMatchObject({
      status: 200,
      answer: { applied: [{ action: 'created' }] },
    });
    expect(await write('POST', '/api/policies/preview', { yaml: yaml('cpu >= 0'), hours: 1 })).toMatchObject({
      status: 200,
      answer: { replays: [{ policy: 'default/from-the-page', looks: expect.any(Number) }] },
    });
    expect(await write('DELETE', '/api/policies?key=default/from-the-page')).toMatchObject({ status: 200 });
  });

  it('makes a silence, and takes it away', async () => {
    const made = await write('POST', '/api/silences', {
      target: await idOf('webapp'),
      durationMs: 60_000,
      comment: 'a test',
    });
    const { silences } = made.answer as SilencesAnswer;
    expect(silences).toMatchObject([{ comment: 'a test', matchers: { containerNames: ['webapp'] } }]);
    const [silence] = silences;
    expect(await write('DELETE', `/api/silences?name=${silence?.name ?? ''}`)).toMatchObject({ status: 200 });
  });

  it('has the sample load tests of its image', async () => {
    expect((await get('/api/load-tests/samples')).body).toContain('webapp-high');
  });

  it.each(['/healthz', '/readyz'])('answers %s while all is well', async (path) => {
    expect(await get(path)).toMatchObject({ status: 200, body: 'ok' });
  });

  it('serves metrics that Prometheus can read', async () => {
    const { type, body } = await get('/metrics');
    expect(type).toContain('text/plain; version=0.0.4');
    const lines = body.split('\n').filter((line) => line !== '');
    const label = String.raw`[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*"`;
    const sample = new RegExp(
      String.raw`^[a-zA-Z_:][\w:]*(?:\{(?:${label}(?:,${label})*)?\})? (?:[-+]?[\d.]+(?:e[-+]?\d+)?|NaN|[+-]Inf)$`,
    );
    expect(lines.filter((line) => !/^# (HELP|TYPE) /.test(line) && !sample.test(line))).toEqual([]);
    expect(body).toMatch(/^foghorn_\w+\{[^}]*container="webapp"/m);
  });

  it('answers no foreign name of its address, and forbids scripts from elsewhere', async () => {
    expect(await statusFor('evil.example.com')).toBe(421);
    expect(await statusFor('localhost:8001')).toBe(200);
    const { headers } = await fetch(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  function statusFor(host: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const sent = request(url, { headers: { host }, timeout: REQUEST_TIMEOUT_MS }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.once('error', reject);
      sent.end();
    });
  }
});
