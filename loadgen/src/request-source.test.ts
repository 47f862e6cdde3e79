import { describe, expect, it } from 'vitest';
import { inlineBody } from './body.ts';
import type { Endpoint } from './endpoint.ts';
import { compileRequest, type RequestContext } from './request-source.ts';

const context: RequestContext = {
  basePath: '/api',
  headers: { 'x-run': 'a', accept: '*/*' },
  sources: { env: {}, lines: () => ['a'], random: () => 0, uuid: () => 'u', now: () => 0 },
};
const get: Endpoint = { method: 'GET', path: '/orders', weight: 1 };

describe('compileRequest', () => {
  it('makes a request without templates once, and gives the same each time', () => {
    const source = compileRequest(get, context);
    expect(source(1)).toEqual({ method: 'GET', path: '/api/orders', headers: context.headers, body: null });
    expect(source(2)).toBe(source(1));
  });

  it('makes one with templates anew each time, with one number for the whole request', () => {
    const body = inlineBody('--body', '{"n":{{seq}}}');
    const endpoint: Endpoint = { method: 'POST', path: '/{{seq}}', weight: 1, headers: { 'x-n': '{{seq}}' }, body };
    const source = compileRequest(endpoint, context);
    expect([3, 4].map(source)).toEqual(
      [3, 4].map((n) => ({
        method: 'POST',
        path: `/api/${n}`,
        headers: { 'content-type': 'application/json', 'x-run': 'a', accept: '*/*', 'x-n': String(n) },
        body: Buffer.from(`{"n":${n}}`),
      })),
    );
  });

  it('takes the header of an endpoint before that of every request, and either before a guessed type', () => {
    const body = inlineBody('--body', '<a/>');
    const own: Endpoint = { ...get, method: 'PUT', headers: { accept: 'text/xml' }, body };
    const typed = { ...context, headers: { ...context.headers, 'content-type': 'application/xml' } };
    expect(compileRequest(own, typed)(1)).toMatchObject({
      headers: { accept: 'text/xml', 'content-type': 'application/xml' },
      body: Buffer.from('<a/>'),
    });
  });

  it('takes a secret for no template', () => {
    const source = compileRequest(get, { ...context, authorization: 'Bearer {{seq}}' });
    expect(source(1).headers).toMatchObject({ authorization: 'Bearer {{seq}}' });
  });

  it('names endpoint and header of a wrong template', () => {
    expect(() => compileRequest({ ...get, path: '/{{x}}' }, context)).toThrow(
      'endpoint "GET /{{x}}", column 2: {{x}} is not known',
    );
    expect(() => compileRequest({ ...get, headers: { 'x-a': '{{x}}' } }, context)).toThrow('header x-a, column 1:');
  });
});
