import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEmailAddress } from './address.ts';

describe('isEmailAddress', () => {
  it.each(['ops@example.org', 'a.b+c@mail.example.co.uk', 'root@localhost', "o'neill@xn--bcher-kva.example"])(
    'takes %s',
    (text) => {
      expect(isEmailAddress(text)).toBe(true);
    },
  );

  it.each([
    '',
    'ops',
    '@example.org',
    'ops@',
    'ops@example..org',
    'ops@-example.org',
    'a..b@example.org',
    '.a@example.org',
    'Ops <ops@example.org>',
    'a@example.org,b@example.org',
    'a@example.org\r\nBcc: evil@example.org',
    'a@example.org\n',
    ' a@example.org',
    'a b@example.org',
    '"a"@example.org',
    'a@b@example.org',
    'ops@bücher.example',
    `${'a'.repeat(65)}@example.org`,
    `a@${'b.'.repeat(130)}org`,
  ])('refuses %j', (text) => {
    expect(isEmailAddress(text)).toBe(false);
  });

  it('never takes text that could be more than one address or header', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('\r', '\n', ',', ';', '<', '>', ' ', '\0'),
        (a, sign) => {
          expect(isEmailAddress(`a${sign}${a}@example.org`)).toBe(false);
          expect(isEmailAddress(`a@example.org${sign}${a}`)).toBe(false);
        },
      ),
    );
  });
});
