import { describe, expect, it } from 'vitest';
import { parseEndpoints } from './endpoint-list.ts';
import { REFUSE_FILES } from './files.ts';
import { InputError } from './input-error.ts';

const order = { path: '/orders', method: 'post', weight: 3, headers: { 'X-A': 'b' }, body: '{"n":1}' };

describe('parseEndpoints', () => {
  it('takes the short form and JSON side by side', () => {
    expect(parseEndpoints(['/health@2', JSON.stringify(order)], undefined, REFUSE_FILES)).toEqual([
      { method: 'GET', path: '/health', weight: 2 },
      {
        method: 'POST',
        path: '/orders',
        weight: 3,
        headers: { 'x-a': 'b' },
        body: { what: 'body of endpoint "/orders"', content: '{"n":1}', contentType: 'application/json' },
      },
    ]);
  });

  it('gives the shared body to each POST, PUT and PATCH without its own', () => {
    const texts = ['/', 'POST /a', 'PATCH /b', 'DELETE /c', JSON.stringify(order)];
    const bodies = parseEndpoints(texts, 'hello', REFUSE_FILES).map(({ body }) => body?.content);
    expect(bodies).toEqual([undefined, 'hello', 'hello', undefined, '{"n":1}']);
  });

  it.each<[string, string]>([
    ['{"path":', '--endpoint begins as JSON and is none'],
    ['{}', 'has no path'],
    ['{"path":5}', 'path is not a text'],
    ['{"path":"/","method":[]}', 'method is not a text'],
    ['{"path":"/","wieght":2}', '"/": "wieght" is not known: choose method, path, weight'],
    ['{"path":"/","weight":"2"}', 'the weight is above 0'],
    ['{"path":"/","weight":-1}', 'the weight is above 0'],
    ['{"path":"no slash"}', 'is not an endpoint'],
    ['{"path":"/","method":"CONNECT"}', 'the method is one of GET'],
    ['{"path":"/","body":"a"}', '"/": GET has no body'],
    ['{"path":"/","method":"POST","body":"a","bodyFile":"b"}', 'give one of body and bodyFile'],
    ['{"path":"/","method":"POST","bodyFile":"/etc/passwd"}', 'files may not be used with --untrusted'],
    ['{"path":"/","headers":["a: b"]}', 'headers are names with texts'],
    ['{"path":"/","headers":{"a":1}}', 'headers are names with texts'],
    ['{"path":"/","headers":{"a":"b\\r\\nx: y"}}', '"a" is not a header'],
    ['{"path":"/","headers":{"a b":"c"}}', '"a b" is not a header'],
    ['{"path":"/","headers":{"Host ":"c"}}', 'is not a header'],
    ['{"path":"/","headers":{"Content-Length":"5"}}', 'belongs to the connection'],
  ])('refuses %s in one line', (text, message) => {
    const attempt = (): unknown => parseEndpoints([text], undefined, REFUSE_FILES);
    expect(attempt).toThrow(InputError);
    expect(attempt).toThrow(message);
    expect(attempt).not.toThrow(/\n/);
  });

  it('refuses a body that no endpoint takes', () => {
    expect(() => parseEndpoints(undefined, 'x', REFUSE_FILES)).toThrow('no endpoint is a POST, PUT or PATCH');
  });

  it('takes time in proportion to its text, whatever it is', () => {
    expect(() => parseEndpoints([`/${'{{}}'.repeat(50_000)} `], undefined, REFUSE_FILES)).toThrow('is not an endpoint');
  });
});
