import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { row } from './builders.ts';
import { parseFilter } from './filter.ts';

const shop = row({
  name: 'shop-web-1',
  host: 'nas',
  namespace: 'shop',
  image: 'ghcr.io/acme/web:2.1',
  severity: 'critical',
  state: 'exited',
  health: 'unhealthy',
  policies: ['default/web'],
  labels: { tier: 'front end', 'com.example/team': 'Blue' },
});

describe('parseFilter', () => {
  it.each([
    ['', true],
    ['   ', true],
    ['shop', true],
    ['SHOP web', true],
    ['shop blog', false],
    ['acme', true],
    ['sev:critical', true],
    ['sev:crit', true],
    ['severity:warning,critical', true],
    ['sev:warning', false],
    ['-sev:ok', true],
    ['-sev:critical', false],
    ['!host:nas', false],
    ['host:nas', true],
    ['host:n*s', true],
    ['host:n', true],
    ['host:x*', false],
    ['project:shop', true],
    ['ns:blog', false],
    ['state:exited', true],
    ['-state:running', true],
    ['health:unhealthy', true],
    ['policy:web', true],
    ['image:*:2.1', true],
    ['name:shop-*-1', true],
    ['name:*-2', false],
    ['label:tier', true],
    ['label:tie', false],
    ['label:"tier=front end"', true],
    ['label:tier=front', false],
    ['label:tier=front*', true],
    ['label:com.example/team=blue', true],
    ['label:*team=*', true],
    ['-label:tier', false],
    ['host:', true],
    ['-', true],
    ['foo:bar', false],
    ['"shop web"', false],
    ['host:nas sev:critical label:tier shop', true],
  ])('%j finds it: %s', (text, found) => {
    expect(parseFilter(text).matches(shop)).toBe(found);
  });

  it('says which severity it does not know', () => {
    expect(parseFilter('sev:fatal').problems).toEqual([
      'no severity is called "fatal": critical, warning, info, ok, unknown',
    ]);
    expect(parseFilter('sev:crit').problems).toEqual([]);
  });

  it('is empty when it has no term', () => {
    expect([parseFilter(' ').isEmpty, parseFilter('host:').isEmpty, parseFilter('a').isEmpty]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('takes any text, and the opposite of a term finds the opposite', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, name) => {
        const word = text.replaceAll(/[\s"]/g, '').replace(/^[-!]+/, '');
        const candidate = row({ name });
        expect(() => parseFilter(text).matches(candidate)).not.toThrow();
        if (word === '' || /:$|:,*$/.test(word)) return;
        expect(parseFilter(`-${word}`).matches(candidate)).toBe(!parseFilter(word).matches(candidate));
      }),
    );
  });
});
