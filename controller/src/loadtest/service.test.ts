import { describe, expect, it } from 'vitest';
import { buildTarget } from '../model/builders.ts';
import { decodeService, serviceNameOf, targetsOfService } from './service.ts';

describe('the Service that an address names', () => {
  it.each([
    ['http://web:8000/x', 'team/web'],
    ['http://WEB', 'team/web'],
    ['http://web.shop', 'shop/web'],
    ['http://web.shop.svc', 'shop/web'],
    ['https://web.shop.svc.cluster.local:443', 'shop/web'],
  ])('%s', (url, expected) => {
    const found = serviceNameOf(url, 'team');
    expect(`${found?.namespace}/${found?.name}`).toBe(expected);
  });

  it.each([
    'http://web.shop.example.com',
    'http://web.shop.svc.example.com',
    'http://web.shop.svc.cluster.local.example.com',
    'http://web.shop.svc.',
    'http://10.0.0.1',
    'http://[::1]',
    'http://we_b.shop',
    'http://web..svc',
    'nonsense',
  ])('is none: %s', (url) => {
    expect(serviceNameOf(url, 'team')).toBeUndefined();
  });
});

describe('the containers behind a Service', () => {
  const web = buildTarget({ id: 'a', namespace: 'shop', labels: { app: 'web', tier: 'front' } });
  const other = buildTarget({ id: 'b', namespace: 'shop', labels: { app: 'db' } });
  const elsewhere = buildTarget({ id: 'c', namespace: 'team', labels: { app: 'web', tier: 'front' } });
  const behind = (spec: unknown) => targetsOfService(decodeService('shop', spec), [web, other, elsewhere]);

  it('are those of its namespace with all of its labels', () => {
    expect(behind({ selector: { app: 'web', tier: 'front' } })).toEqual([web]);
    expect(behind({ selector: { app: 'web', tier: 'back' } })).toEqual([]);
    expect(behind({ selector: { constructor: 'web' } })).toEqual([]);
  });

  it.each([
    [
      'one that leads out of the cluster',
      { type: 'ExternalName', externalName: 'example.com', selector: { app: 'web' } },
    ],
    ['one without a selector', { type: 'ClusterIP' }],
    ['one with an empty selector', { selector: {} }],
    ['nonsense', 'nonsense'],
  ])('are none of %s', (_name, spec) => {
    expect(behind(spec)).toEqual([]);
  });
});
