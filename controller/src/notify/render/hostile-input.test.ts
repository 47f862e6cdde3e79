import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Notification } from '../../model/notification.ts';
import { buildChart, buildFiringAlert, buildNotification, buildNotified, builtAt } from '../builders.ts';
import { cleanLine } from './clean.ts';
import { MAX_HTML_BYTES, renderEmail } from './render-email.ts';

const context = { now: builtAt, dashboardUrl: 'http://localhost:8001', timeZone: 'UTC' };
const escape = String.fromCodePoint(0x1b);

/** Puts one text wherever text from outside can be. */
function everywhere(text: string, alerts = 1): Notification {
  const alert = buildFiringAlert({
    policy: text,
    rule: text,
    message: text,
    actions: Array.from({ length: 30 }, () => text),
    target: { id: text, host: text, namespace: text, name: text },
    values: { [text]: text },
  });
  const notified = buildNotified(alert, {
    image: text,
    state: text,
    metrics: Array.from({ length: 40 }, () => ({ label: text, value: text, threshold: text, breached: true })),
    logEntries: Array.from({ length: 30 }, () => text),
    objectName: text,
    end: { oomKilled: true, restarts: 1, cause: text },
    output: Array.from({ length: 30 }, () => text),
    chart: buildChart({ label: text, unit: text }),
  });
  return buildNotification({ policy: text, alerts: Array.from({ length: alerts }, () => notified) });
}

const forbidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe('a mail of hostile input', () => {
  it.each([
    ['HTML', '<script>alert(1)</script><img src=x onerror=alert(1)>'],
    ['an attribute', '"><a href="https://evil.example">x</a>'],
    ['entities', '&lt;b&gt;&#x3c;script&#x3e;'],
  ])('shows %s as text', (_, text) => {
    const { html } = renderEmail(everywhere(text), context);
    expect(html).not.toMatch(/<script|<img|<a href="https:\/\/evil/);
    expect(html).not.toContain('"><a');
  });

  it.each([
    ['line breaks', 'a\r\nBcc: evil@example.org\r\n\r\nbody'],
    ['terminal colours', `${escape}[31mred${escape}[0m`],
    ['terminal links', `${escape}]8;;https://evil.example${escape}\\click`],
    ['control characters', 'a\u0000b\u0008c\u009bd\u007f'],
    ['reversed text', 'exe.\u202Egpj\u2066x\u2069'],
    ['invisible text', 'a\u200b\ufeff\u{e0041}b'],
    ['separators', 'a\u2028b\u2029c'],
  ])('takes %s out of the subject and the text', (_, text) => {
    const mail = renderEmail(everywhere(text), context);
    expect(mail.subject).not.toMatch(forbidden);
    expect(mail.text.replaceAll('\n', '')).not.toMatch(forbidden);
    expect(mail.html.replaceAll('\n', '')).not.toMatch(forbidden);
    expect(mail.text.split('\n').some((line) => line.startsWith('Bcc:'))).toBe(false);
  });

  it('mends invalid UTF-16, so that it can be sent as UTF-8', () => {
    const mail = renderEmail(everywhere('a\ud800b\udc00'), context);
    expect([mail.subject, mail.text, mail.html].every((part) => part.isWellFormed())).toBe(true);
  });

  it.each(['x', '"', '<', '漢', '😀', '\ud800', '\u200b', `${escape}[31m`, `${escape}]`, ' '])(
    'stays bounded with a megabyte of %j in every place',
    (character) => {
      const started = performance.now();
      const text = character.repeat(1_000_000 / character.length);
      for (const alerts of [1, 3, 60]) {
        const mail = renderEmail(everywhere(text, alerts), context);
        expect(Buffer.byteLength(mail.html)).toBeLessThanOrEqual(MAX_HTML_BYTES);
        expect(Buffer.byteLength(mail.text)).toBeLessThanOrEqual(MAX_HTML_BYTES);
        expect(mail.subject.length).toBeLessThanOrEqual(160);
      }
      expect(performance.now() - started).toBeLessThan(30_000);
    },
  );

  it('offers no command for a name that a shell would read', () => {
    expect(renderEmail(everywhere('default/web; rm -rf ~'), context).text).not.toContain('kubectl');
  });

  it('holds for any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const mail = renderEmail(everywhere(text), context);
        expect(mail.subject).not.toMatch(forbidden);
        expect(mail.html.isWellFormed()).toBe(true);
        const tags = [...mail.html.matchAll(/<\/?([a-z0-9]+)/g)].map((match) => match[1] ?? '');
        expect(tags.every((tag) => knownTags.has(tag))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

const knownTags = new Set('html head meta title style body div table tr td th h2 h3 p a b ol li br code'.split(' '));

describe('cleanLine', () => {
  it.each([
    ['plain', 'plain', 20],
    ['  many \t\r\n  spaces ', 'many spaces', 20],
    ['0123456789', '0123456789', 10],
    ['01234567890', '012345678…', 10],
    ['abcdefgh😀xyz', 'abcdefgh…', 10],
    [`${escape}[1;31mALERT${escape}[0m`, 'ALERT', 20],
    ['\u202Eabc', 'abc', 20],
  ])('makes %j into %j at most %d long', (text, expected, maxLength) => {
    expect(cleanLine(text, maxLength)).toBe(expected);
  });
});
