import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { useStack } from '../stack/stack.ts';

const REQUEST_TIMEOUT_MS = 5000;

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

  it('keeps the fields of the system it replaces in /api/metrics, for the watched container', async () => {
    const { type, body } = await get('/api/metrics');
    expect(type).toContain('application/json');
    expect(JSON.parse(body)).toMatchObject({
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
    const { containers } = await stack.api.state();
    const id = containers.find(({ name }) => name === 'webapp')?.id ?? '';
    const { status, body } = await get(`/api/history?target=${encodeURIComponent(id)}&metric=memory`);
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ target: id, metric: 'memory' });
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
