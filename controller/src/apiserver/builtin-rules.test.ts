import { describe, expect, it } from 'vitest';
import { configMaps, secrets } from './builtin-resources.ts';
import { openTestApi } from './test-api.ts';

const target = { namespace: 'default', name: 'one' };
const metadata = { name: 'one', namespace: 'default' };
const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { who: 'ops' } };
const secret = { apiVersion: 'v1', kind: 'Secret', metadata, data: { who: 'b3Bz' } };

describe('a ConfigMap', () => {
  it.each([
    ['bad key', 'data[bad key]: Invalid value: "bad key": a valid config key must consist of'],
    ['', 'data[]: Invalid value: "": a valid config key must consist of'],
    ['..', 'data[..]: Invalid value: "..": must not be \'..\''],
    ['..a', 'data[..a]: Invalid value: "..a": must not start with \'..\''],
    ['k'.repeat(254), 'must be no more than 253 characters'],
  ])('has no key "%s"', async (key, message) => {
    const { api } = await openTestApi();
    expect(() => api.create(configMaps, 'default', { ...configMap, data: { [key]: 'x' } })).toThrow(message);
  });

  it.each([
    ['data', { data: { who: 'dev' } }],
    ['data', { data: null }],
    ['binaryData', { binaryData: { a: 'b3Bz' } }],
    ['immutable', { immutable: false }],
    ['immutable', { immutable: null }],
  ])('keeps %s once it is immutable', async (field, body) => {
    const { api } = await openTestApi();
    api.create(configMaps, 'default', { ...configMap, immutable: true });
    const message = `${field}: Forbidden: field is immutable when \`immutable\` is set`;
    expect(() => api.patch(configMaps, target, { type: 'merge', body })).toThrow(message);
    api.patch(configMaps, target, { type: 'merge', body: { metadata: { labels: { team: 'ops' } } } });
    api.delete(configMaps, target);
  });
});

describe('a Secret', () => {
  it.each([
    ['type: Invalid value: "other": field is immutable', { type: 'other' }],
    ['data[a b]: Invalid value: "a b": a valid config key', { stringData: { 'a b': 'x' } }],
  ])('is refused with %s', async (message, body) => {
    const { api } = await openTestApi();
    api.create(secrets, 'default', secret);
    expect(() => api.patch(secrets, target, { type: 'merge', body })).toThrow(message);
  });

  it('keeps its data once it is immutable', async () => {
    const { api } = await openTestApi();
    api.create(secrets, 'default', { ...secret, immutable: true });
    expect(() => api.patch(secrets, target, { type: 'merge', body: { stringData: { who: 'dev' } } })).toThrow(
      'data: Forbidden: field is immutable',
    );
  });
});
