import { describe, expect, it } from 'vitest';
import { buildTarget } from '../model/builders.ts';
import { refusalOf, targetsBehind } from './target.ts';

const webapp = buildTarget({ id: 'local/webapp', name: 'webapp' });
const service = { 'com.docker.compose.service': 'api' };
const api = buildTarget({ id: 'local/shop-api-1', name: 'shop-api-1', labels: service });
const targets = [webapp, api];
const DEFAULT = ['known', 'loopback'];
const refusal = (url: string, allowed: readonly string[], around = targets): string | undefined =>
  refusalOf(url, allowed, { targets: around, behind: targetsBehind(url, around) });

describe('hosts that load tests may drive', () => {
  it('are Services in a cluster, and the refusal says so', () => {
    const around = { targets, behind: [], areServices: true };
    expect(refusalOf('http://webapp', DEFAULT, around)).toMatch(/known are Services of pods that are seen/);
    expect(refusalOf('http://web.shop', DEFAULT, { ...around, behind: [api] })).toBeUndefined();
  });

  it.each<[string, readonly string[]]>([
    ['http://webapp:8000', DEFAULT],
    ['http://WebApp:8000/x', DEFAULT],
    ['http://api', DEFAULT],
    ['http://shop-api-1:80', DEFAULT],
    ['http://localhost:8000', DEFAULT],
    ['http://127.0.0.1:8000', DEFAULT],
    ['http://[::1]:8000', DEFAULT],
    ['https://shop.example.com', ['*.example.com']],
    ['https://a.b.example.com', ['a.*.com']],
    ['https://anything.at.all', ['*']],
    ['https://shop.example.com', ['shop.example.com']],
  ])('%s by %j', (url, allowed) => {
    expect(refusal(url, allowed)).toBeUndefined();
  });

  it.each<[string, readonly string[]]>([
    ['http://example.com', DEFAULT],
    ['http://webapp.example.com', DEFAULT],
    ['http://webapp@example.com', DEFAULT],
    ['http://10.0.0.1', DEFAULT],
    ['http://127.0.0.1.example.com', DEFAULT],
    ['http://127.example.com', DEFAULT],
    ['http://localhost', ['known']],
    ['http://webapp', ['loopback']],
    ['https://example.com.evil.org', ['*.example.com', 'example.com']],
    ['https://ab.com', ['ab*b.com']],
    ['nonsense', ['*']],
  ])('not %s by %j', (url, allowed) => {
    expect(refusal(url, allowed)).toEqual(expect.any(String));
  });

  it('says who may', () => {
    expect(refusal('http://example.com', DEFAULT, targets)).toContain('known are shop-api-1, webapp');
  });
});

describe('the containers behind an address', () => {
  it('are those of the name, else those of the service', () => {
    const namesake = buildTarget({
      id: 'local/other',
      name: 'other',
      labels: { 'com.docker.compose.service': 'webapp' },
    });
    expect(targetsBehind('http://webapp:8000', [...targets, namesake])).toEqual([webapp]);
    expect(targetsBehind('http://api', targets)).toEqual([api]);
    expect(targetsBehind('http://example.com', targets)).toEqual([]);
  });
});
