import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from './input-error.ts';
import type { Template, TemplateSources } from './placeholder.ts';
import { compileTemplate, render, type TemplatePlace } from './template.ts';

const sources: TemplateSources = {
  env: { TOKEN: 'secret', PATH_PART: 'a b/ä', FORGED: 'a\r\nx-evil: 1' },
  lines: (_what, path) => (path === 'users.txt' ? ['anna', 'bert', 'carl'] : ['a\u0000b']),
  random: () => 0.5,
  uuid: () => '1b4e28ba-2fa1-41d2-883f-0016d3cca427',
  now: () => 1_700_000_000_000,
};

function compile(text: string, kind: TemplatePlace['kind'] = 'body'): Template {
  return compileTemplate(text, { what: '--body', kind }, sources);
}

describe('compileTemplate', () => {
  it.each(['', '/', 'no braces', '{ "a": { "b": 1 } }', 'a } } b'])('leaves %j as it is', (text) => {
    expect(compile(text)).toBe(text);
  });

  it.each([
    ['{{seq}}', '7'],
    ['/orders/{{seq}}/lines/{{ seq }}', '/orders/7/lines/7'],
    ['{{uuid}}', '1b4e28ba-2fa1-41d2-883f-0016d3cca427'],
    ['{{randomInt 1 100}}', '51'],
    ['{{randomInt -3 -3}}', '-3'],
    ['{{now}}', '1700000000000'],
    ['{"id":{"n":{{seq}}}}', '{"id":{"n":7}}'],
    ['{{line users.txt}}', 'anna'],
    ['\\{{seq}} is {{seq}}', '{{seq}} is 7'],
  ])('renders %s as %s', (text, expected) => {
    expect(render(compile(text), 7)).toBe(expected);
  });

  it('gives the lines of a file one after the other, again and again', () => {
    const template = compile('{{line users.txt}}');
    expect([1, 2, 3, 4].map((sequence) => render(template, sequence))).toEqual(['anna', 'bert', 'carl', 'anna']);
  });

  it('makes a value of the environment part of the text', () => {
    expect(compile('Bearer {{env TOKEN}}', 'header')).toBe('Bearer secret');
  });

  it('encodes values of outside in a path', () => {
    expect(render(compile('/{{env PATH_PART}}/{{seq}}', 'path'), 1)).toBe('/a%20b%2F%C3%A4/1');
  });

  it.each<[string, TemplatePlace['kind'], string]>([
    ['/a{{foo}}', 'path', '--body, column 3: {{foo}} is not known: choose {{seq}}, {{uuid}}, {{randomInt MIN MAX}}'],
    ['{\n  "a": {{bar}}\n}', 'body', '--body, line 2 column 8: {{bar}} is not known'],
    ['{{constructor}}', 'body', '{{constructor}} is not known'],
    ['{{}}', 'body', '{{}} is not known'],
    ['a {{seq', 'body', 'column 3: {{ is not closed by }}: write \\{{ for two braces'],
    ['{{seq 1}}', 'body', '{{seq 1}} is wrong: write {{seq}}'],
    ['{{randomInt 1}}', 'body', 'is wrong: write {{randomInt MIN MAX}}'],
    ['{{randomInt 5 1}}', 'body', 'is wrong'],
    ['{{randomInt a b}}', 'body', 'is wrong'],
    ['{{env}}', 'body', 'is wrong: write {{env NAME}}'],
    ['{{env NOTHING}}', 'body', 'the environment has no NOTHING'],
    ['{{line}}', 'body', 'is wrong: write {{line FILE}}'],
    ['{{env FORGED}}', 'header', '{{env FORGED}} has a value that is no text for a header'],
    ['{{line odd.txt}}', 'header', 'has a value that is no text for a header'],
  ])('refuses %j in a %s', (text, kind, message) => {
    expect(() => compile(text, kind)).toThrow(InputError);
    expect(() => compile(text, kind)).toThrow(message);
  });

  it('never tells a value', () => {
    expect(() => compile('{{env FORGED}}', 'header')).not.toThrow(/evil/);
  });

  it('gives nothing of the environment to templates of others', () => {
    const withoutEnv = { ...sources, env: undefined };
    expect(() => compileTemplate('{{env TOKEN}}', { what: 'x', kind: 'body' }, withoutEnv)).toThrow(
      'the environment may not be used with --untrusted',
    );
  });

  it('keeps all text around its placeholders, whatever it is', () => {
    const text = fc.string().map((value) => value.replaceAll(/[{}\\]/g, '_'));
    fc.assert(
      fc.property(text, text, fc.nat(), (before, after, sequence) => {
        expect(render(compile(`${before}{{seq}}${after}`), sequence)).toBe(`${before}${sequence}${after}`);
      }),
    );
  });
});
