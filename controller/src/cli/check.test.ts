import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { check } from './check.ts';
import { createTestContext } from './test-context.ts';

const policy = (rules: string, name = 'web', more = ''): string => `apiVersion: foghorn.dev/v1alpha1
kind: MonitorPolicy
metadata: { name: ${name} }
spec:
  selector: {}
${more}  rules:
${rules}
`;
const good = policy('    - { name: down, severity: critical, expr: "!up" }');
const hidden = policy(
  '    - { name: cpu, severity: critical, expr: cpu > 60 }\n    - { name: cpu, severity: warning, expr: cpu > 80 }',
);

const dir = mkdtempSync(join(tmpdir(), 'foghorn-check-'));
afterAll(() => rmSync(dir, { recursive: true }));

async function checkText(text: string, ...options: readonly string[]) {
  const context = createTestContext(text);
  const exitCode = await check([...options, '-'], context);
  return { exitCode, out: context.written(), err: context.complained() };
}

describe('foghorn check', () => {
  it('takes a folder without manifests for a mistake', async () => {
    const context = createTestContext();
    expect(await check([mkdtempSync(join(dir, 'empty-'))], context)).toBe(2);
    expect(context.written()).toContain('no .yaml, .yml or .json file in it');
  });

  it('says what it did not come to, in words', async () => {
    const { out } = await checkText(good.replace('critical', 'fatal'));
    expect(out).toContain('expressions and what depends on several fields are not checked');
    expect(out).not.toContain('<nil>');
  });

  it('says nothing of a policy that is well', async () => {
    expect(await checkText(good)).toEqual({ exitCode: 0, out: '', err: '1 file, 0 errors, 0 warnings\n' });
  });

  it('ends with 1 for warnings only where it is strict', async () => {
    expect((await checkText(hidden)).exitCode).toBe(0);
    expect((await checkText(hidden, '--strict')).exitCode).toBe(1);
    expect((await checkText(hidden)).out).toContain('-:8: warning: spec.rules[1].severity: warning of rule "cpu"');
  });

  it('points into the line of the file at what is wrong in an expression', async () => {
    const { exitCode, out } = await checkText(policy('    - { name: a, severity: info, expr: "up && cpuu > 80" }'));
    expect(exitCode).toBe(2);
    expect(out).toBe('-:7:47: error: spec.rules[0].expr: Unknown variable: cpuu\n    up && cpuu > 80\n          ^\n');
  });

  it('finds the line of a block', async () => {
    const { out } = await checkText(
      policy('    - name: a\n      severity: info\n      expr: |\n        up &&\n          cpuu > 80'),
    );
    expect(out).toMatch(/^-:11:11: error: /);
  });

  it('names every unknown field and every broken value at once', async () => {
    const { out } = await checkText(
      policy('    - { name: a, severity: info, expr: up, messag: hi }', 'web', '  colour: red\n  interval: soon\n'),
    );
    expect(out).toContain('-:6: error: spec.colour: unknown field "spec.colour"');
    expect(out).toContain('error: spec.rules[0].messag: unknown field');
    expect(out).toContain('-:7: error: spec.interval: Invalid value: "soon"');
  });

  it('tells where YAML is broken', async () => {
    expect(await checkText('kind: [\n')).toMatchObject({ exitCode: 2, out: expect.stringMatching(/^-:\d+: error: /) });
  });

  it('refuses kinds that are not declared by people', async () => {
    const { out } = await checkText('apiVersion: v1\nkind: Secret\nmetadata: { name: a }\n');
    expect(out).toContain('-:2: error: kind: kind Secret cannot be declared here');
  });

  it('finds what two files of a folder declare, and what one declares twice', async () => {
    writeFileSync(join(dir, 'a.yaml'), good);
    writeFileSync(join(dir, 'b.yaml'), `${good}---\n${good}`);
    writeFileSync(join(dir, 'notes.txt'), 'kind: [');
    const context = createTestContext();
    expect(await check([dir], context)).toBe(2);
    expect(context.written().match(/in .*a\.yaml too/g)).toHaveLength(2);
    expect(context.complained()).toBe('2 files, 2 errors, 0 warnings\n');
  });

  it('says which file cannot be read', async () => {
    const context = createTestContext();
    expect(await check([join(dir, 'nowhere.yaml')], context)).toBe(2);
    expect(context.written()).toContain('no such file or folder');
  });

  it('writes JSON for programs', async () => {
    const { out } = await checkText(hidden, '--output', 'json');
    expect(JSON.parse(out)).toMatchObject({ findings: [{ file: '-', line: 8, severity: 'warning' }] });
  });

  it('writes annotations that hostile text cannot break out of', async () => {
    const { out } = await checkText(
      policy('    - { name: a, severity: info, expr: "x\\u001b[2J%0A == 1 " }'),
      '--output',
      'github',
    );
    expect(out).toMatch(/^::error file=-,line=7.*::spec\.rules\[0\]\.expr: /);
    expect(out.split('\n')).toHaveLength(2);
    expect(out).not.toContain('\u001b');
    expect(out).toContain('%250A');
  });

  it('shows how it is used when it is given nothing', async () => {
    const context = createTestContext();
    expect(await check([], context)).toBe(2);
    expect(context.complained()).toContain('Usage');
  });
});
