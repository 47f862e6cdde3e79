import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readManifests } from './manifests.ts';

const good = `apiVersion: foghorn.dev/v1alpha1
kind: MonitorPolicy
metadata: { name: web }
spec:
  selector: {}
  rules:
    - name: cpu
      severity: critical
      expr: "cpu > 80"
`;

describe('readManifests', () => {
  it('reads several documents and skips empty ones', () => {
    const read = readManifests(`---\n${good}---\n# nothing here\n---\n${good.replace('web', 'db')}`);
    expect(read.kind === 'read' && read.documents.map(({ object }) => object.metadata.name)).toEqual(['web', 'db']);
  });

  it.each([
    ['spec.rules[0].expr', 9],
    ['spec.rules[0].nothing', 7],
    ['spec.interval', 5],
    ['metadata.name', 3],
  ])('knows the line of %s', (path, line) => {
    const read = readManifests(good);
    expect(read.kind === 'read' && read.documents[0]?.lineOf(path)).toBe(line);
  });

  it.each([
    ['a tab as indentation', 'a:\n\tb: 1\n', 2],
    ['a list at the top', '- a\n- b\n', 1],
    ['no kind', 'apiVersion: v1\nmetadata: {name: a}\n', 1],
    ['no name', 'apiVersion: v1\nkind: A\nmetadata: {}\n', 1],
    ['the same key twice', 'apiVersion: v1\nkind: A\nkind: B\n', 3],
    ['anchors that explode', explosion(), 1],
    ['brackets without end', '['.repeat(100_000), 1],
  ])('refuses %s with its line', (_name, text, line) => {
    const read = readManifests(text);
    expect(read.kind).toBe('broken');
    expect(read.kind === 'broken' && read.faults[0]?.line).toBe(line);
  });

  it('takes yes and no for booleans, as kubectl does', () => {
    const read = readManifests(good.replace('selector: {}', 'selector: {}\n  suspend: yes'));
    expect(read.kind === 'read' && read.documents[0]?.object.spec).toMatchObject({ suspend: true });
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (text) => ['read', 'broken'].includes(readManifests(text).kind)),
    );
  });
});

function explosion(): string {
  const levels = ['a: &a ["x","x","x","x","x","x","x","x","x","x"]'];
  for (let code = 98; code < 107; code += 1) {
    const previous = String.fromCharCode(code - 1);
    levels.push(
      `${String.fromCharCode(code)}: &${String.fromCharCode(code)} [${`*${previous},`.repeat(9)}*${previous}]`,
    );
  }
  return `${levels.join('\n')}\n`;
}
