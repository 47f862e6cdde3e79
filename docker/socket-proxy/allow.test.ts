import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAllowed } from './allow.ts';

describe('the calls of the controller pass', () => {
  it.each([
    ['GET', '/_ping'],
    ['HEAD', '/_ping'],
    ['GET', '/version'],
    ['GET', '/v1.41/info'],
    ['GET', '/v1.44/containers/json?all=true'],
    ['GET', '/containers/json?filters=%7B%22label%22%3A%5B%22a%22%5D%7D'],
    ['GET', '/v1.41/containers/4e5021cc/json'],
    ['GET', '/containers/shop-web_1.old/stats?stream=false&one-shot=true'],
    ['GET', '/containers/web/logs?stdout=true&stderr=true&tail=10'],
    ['GET', '/events?since=1700000000&filters=%7B%7D'],
  ])('%s %s', (method, target) => {
    expect(isAllowed(method, target)).toBe(true);
  });
});

describe('every other call is refused', () => {
  it.each([
    ['POST', '/containers/create'],
    ['POST', '/v1.41/containers/web/stop'],
    ['DELETE', '/containers/web'],
    ['PUT', '/containers/web/archive'],
    ['POST', '/_ping'],
    ['HEAD', '/info'],
    ['get', '/_ping'],
    ['GET', '/'],
    ['GET', '/images/json'],
    ['GET', '/system/df'],
    ['GET', '/containers/web/archive?path=/etc/shadow'],
    ['GET', '/containers/web/export'],
    ['GET', '/containers/web/attach/ws'],
    ['GET', '/containers/web/top'],
    ['GET', '/containers/../images/json'],
    ['GET', '/containers/..%2fimages/json'],
    ['GET', '/containers/web/json/../../../images/json'],
    ['GET', '/containers/a/b/json'],
    ['GET', '//containers/json'],
    ['GET', '/v1.41/v1.41/info'],
    ['GET', '/v2.0/info'],
    ['GET', '/info#x'],
    ['GET', '/info\n'],
    ['GET', '/info?a=b\r\nHost: x'],
    ['GET', 'http://engine/info'],
    ['GET', ''],
  ])('%s %j', (method, target) => {
    expect(isAllowed(method, target)).toBe(false);
  });

  it('whatever the method is, when it is not GET or HEAD', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('/info', '/events', '/containers/json', '/_ping'), (method, target) => {
        fc.pre(method !== 'GET' && method !== 'HEAD');
        expect(isAllowed(method, target)).toBe(false);
      }),
    );
  });

  it('whatever follows an allowed path, unless it is a query', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (rest) => {
        fc.pre(!rest.startsWith('?'));
        expect(isAllowed('GET', `/info${rest}`)).toBe(false);
      }),
    );
  });
});
