import { describe, expect, it } from 'vitest';
import { recordedEngines, recordedJson } from '../recorded.ts';
import { decodeVersion, hasFastOneShot, negotiateApi } from './version.ts';

describe('version', () => {
  it.each([
    ['20.10.24', { api: '1.41', minApi: '1.12' }, '1.41'],
    ['28.5.2', { api: '1.51', minApi: '1.24' }, '1.44'],
  ] as const)('of engine %s is read, and agreed on', (engine, expected, agreed) => {
    const version = decodeVersion(recordedJson(engine, 'version.json'));
    expect(version).toMatchObject(expected);
    expect(version && negotiateApi(version)).toBe(agreed);
  });

  it('covers every recorded engine', () => {
    expect(recordedEngines).toHaveLength(2);
  });

  it.each([
    ['1.41', '1.12', '1.41'],
    ['1.44', '1.40', '1.44'],
    ['1.52', '1.44', '1.44'],
    ['1.60', '1.50', '1.50'],
    ['1.9', '1.9', '1.9'],
  ])('of an engine that offers %s and insists on %s is %s', (api, minApi, agreed) => {
    expect(negotiateApi({ engine: '', api, minApi })).toBe(agreed);
  });

  it.each([{}, null, 'OK', { ApiVersion: 'x' }, { ApiVersion: '1.41; rm' }])(
    'of something else is none: %j',
    (body) => {
      expect(decodeVersion(body)).toBeUndefined();
    },
  );

  it.each([
    ['20.10.24+dfsg1', false],
    ['23.0.7', false],
    ['23.0.8', true],
    ['24.0.6', false],
    ['24.0.7', true],
    ['24.1.0', false],
    ['25.0.0', true],
    ['28.5.2+dfsg4', true],
    ['', false],
  ])('%s answers one-shot stats at once: %s', (engine, isFast) => {
    expect(hasFastOneShot(engine)).toBe(isFast);
  });
});
