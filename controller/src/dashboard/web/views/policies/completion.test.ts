import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { complete, lineBreak } from './completion.ts';
import { decodeSchema } from './schema.ts';
import { yamlPlace } from './yaml-place.ts';

const crd: unknown = parse(
  readFileSync(resolve(import.meta.dirname, '../../../../../../crds/monitorpolicy.yaml'), 'utf8'),
);
const schema = decodeSchema((crd as PolicyCrd).spec.versions[0]?.schema.openAPIV3Schema);

interface PolicyCrd {
  readonly spec: { readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: unknown } }[] };
}

/** The text with the cursor at `|`. */
function at(marked: string): { readonly text: string; readonly offset: number } {
  const offset = marked.indexOf('|');
  return { text: marked.slice(0, offset) + marked.slice(offset + 1), offset };
}

function labels(marked: string): readonly string[] | undefined {
  const { text, offset } = at(marked);
  return complete(schema, text, offset)?.proposals.map(({ label }) => label);
}

/** The text after the first proposal was taken. */
function taken(marked: string): string | undefined {
  const { text, offset } = at(marked);
  const completion = complete(schema, text, offset);
  const first = completion?.proposals[0];
  if (completion === undefined || first === undefined) return undefined;
  return text.slice(0, completion.from) + first.insert + text.slice(offset);
}

describe('completion in a policy', () => {
  it('proposes what must be given first', () => {
    expect(labels('|')?.[0]).toBe('spec');
    expect(labels('spec:\n  |')?.slice(0, 2)).toEqual(['selector', 'rules']);
    expect(labels('spec:\n  rules:\n    - |')?.slice(0, 3)).toEqual(['name', 'severity', 'expr']);
  });

  it('leaves out what the mapping has already, above and below', () => {
    const found = labels('spec:\n  selector: {}\n  |\n  rules:\n    - name: x\n');
    expect(found).not.toContain('selector');
    expect(found).not.toContain('rules');
    expect(found).toContain('interval');
  });

  it('does not take the fields of the item before for those of this one', () => {
    expect(labels('spec:\n  rules:\n    - name: a\n      expr: x\n    - |\n')).toContain('expr');
    expect(labels('spec:\n  rules:\n    - name: a\n    - severity: info\n      |\n')).toContain('name');
  });

  it.each([
    ['the values of a field', 'spec:\n  rules:\n    - severity: |', ['info', 'warning', 'critical']],
    ['those that fit what is typed', 'spec:\n  rules:\n    - severity: cr|', ['critical']],
    ['true and false', 'spec:\n  suspend: |', ['true', 'false']],
    ['the default', 'spec:\n  interval: |', ['30s']],
    ['fields in braces', 'spec:\n  probes:\n    - name: a\n      tcp: { ho|', ['host']],
    ['values in braces', 'spec:\n  probes:\n    - name: a\n      http: { url: x, method: H|', ['HEAD']],
    ['below a list at the column of its name', 'spec:\n  rules:\n  - name: x\n    sev|', ['severity']],
    ['of the second document', 'spec:\n  interval: 1s\n---\nspec:\n  interv|', ['interval']],
  ])('proposes %s', (_what, marked, wanted) => {
    expect(labels(marked)).toEqual(wanted);
  });

  it.each([
    ['a comment', 'spec:\n  # inter|'],
    ['a quoted text', "spec:\n  rules:\n    - expr: 'cp|"],
    ['a text block', 'spec:\n  rules:\n    - message: >-\n        na|'],
    ['a field that the schema does not have', 'spec:\n  nothing:\n    |'],
    ['a value that is whole', 'spec:\n  rules:\n    - severity: critical|'],
  ])('proposes nothing in %s', (_what, marked) => {
    expect(labels(marked)).toBeUndefined();
  });

  it.each([
    ['spec:\n  inter|', 'spec:\n  interval: '],
    ['spec:\n  rul|', 'spec:\n  rules:\n    - '],
    ['spec:\n  probes:\n    - name: a\n      tc|', 'spec:\n  probes:\n    - name: a\n      tcp:\n        '],
    ['spec:\n  rules:\n    - sev|', 'spec:\n  rules:\n    - severity: '],
  ])('writes what comes next: %j', (marked, text) => {
    expect(taken(marked)).toBe(text);
  });

  it('tells type, default and meaning', () => {
    const { text, offset } = at('spec:\n  interv|');
    expect(complete(schema, text, offset)?.proposals[0]).toMatchObject({
      detail: 'string, default 30s',
      description: 'Time between two checks.',
    });
  });

  it('throws for no text', () => {
    const piece = fc.constantFrom(
      'spec',
      ':',
      ' ',
      '\n',
      '- ',
      '{',
      '}',
      ',',
      '#',
      '"',
      '  ',
      'rules',
      '|',
      '---',
      'é',
      '\t',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.nat(80), (pieces, cursor) => {
        const text = pieces.join('');
        const offset = Math.min(cursor, text.length);
        const place = yamlPlace(text, offset);
        complete(schema, text, offset);
        expect(place === undefined || (place.from <= offset && text.slice(place.from, offset) === place.typed)).toBe(
          true,
        );
      }),
    );
  });
});

describe('a new line', () => {
  it.each([
    ['spec:|', '\n  '],
    ['  interval: 30s|', '\n  '],
    ['    - name: a|', '\n      '],
    ['    - message: >-|', '\n        '],
    ['|', '\n'],
  ])('after %j begins with %j', (marked, wanted) => {
    const { text, offset } = at(marked);
    expect(lineBreak(text, offset)).toBe(wanted);
  });
});
