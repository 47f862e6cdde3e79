import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEmbeddedClient } from '../apiserver/embedded-client.ts';
import { openTestApi, type TestApi } from '../apiserver/test-api.ts';
import type { FakeClock } from '../fake-clock.ts';
import { loadTests, monitorPolicies, type ResourceClient } from '../kube/client.ts';
import { createSilentLog } from '../log.ts';
import { createProblems, type Problems } from '../problems.ts';
import { createPolicyFiles, type PolicyFiles } from './policy-files.ts';
import { validateRules } from './validate-rules.ts';

const repository = join(import.meta.dirname, '../../..');

function policy(name: string, rule = 'cpu > 80.0'): string {
  return `apiVersion: foghorn.dev/v1alpha1
kind: MonitorPolicy
metadata:
  name: ${name}
spec:
  selector: {}
  rules:
    - name: cpu
      severity: critical
      expr: '${rule}'
`;
}

describe('the policy folder', () => {
  let dir: string;
  let folder: string;
  let opened: TestApi;
  let clock: FakeClock;
  let client: ResourceClient;
  let problems: Problems;
  let files: PolicyFiles;
  let faults: string[];

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'foghorn-policies-'));
    folder = join(dir, 'policies');
    mkdirSync(folder);
    opened = await openTestApi({ MonitorPolicy: validateRules });
    clock = opened.clock;
    client = createEmbeddedClient({ api: opened.api, fieldManager: 'test' });
    problems = createProblems({ clock, log: createSilentLog() });
    faults = [];
    files = follow(folder);
  });

  afterEach(() => {
    opened.store.close();
    rmSync(dir, { recursive: true });
  });

  function follow(which: string): PolicyFiles {
    return createPolicyFiles({
      folder: which,
      client,
      problems,
      clock,
      log: createSilentLog(),
      onFault: (_objects, message) => faults.push(message),
    });
  }

  function write(name: string, text: string): void {
    writeFileSync(join(folder, name), text);
  }

  async function names(): Promise<readonly string[]> {
    return (await client.list(monitorPolicies)).items.map(({ metadata }) => metadata.name);
  }

  const messages = (): readonly string[] => problems.list().map(({ message }) => message);

  it('applies every document of every file, with the defaults of the schema', async () => {
    write('a.yaml', `${policy('web')}---\n${policy('db')}`);
    await files.sync();
    expect(await names()).toEqual(['db', 'web']);
    expect((await client.get(monitorPolicies, 'default', 'web'))?.spec).toMatchObject({
      interval: '30s',
      cooldown: '5m',
    });
  });

  it('follows changes of a file and removes what is no longer declared', async () => {
    write('a.yaml', `${policy('web')}---\n${policy('db')}`);
    await files.sync();
    write('a.yaml', policy('web', 'cpu > 95.0'));
    await files.sync();
    expect(await names()).toEqual(['web']);
    expect((await client.get(monitorPolicies, 'default', 'web'))?.spec).toMatchObject({
      rules: [{ expr: 'cpu > 95.0' }],
    });
    rmSync(join(folder, 'a.yaml'));
    await files.sync();
    expect(await names()).toEqual([]);
  });

  it.each([
    ['YAML that does not parse', 'kind: [\n', 'a.yaml:2: '],
    ['an unknown field', policy('web').replace('selector: {}', 'selector: {}\n  colour: red'), 'a.yaml:7: '],
    ['a CEL expression with an unknown name', policy('web', 'cpuu > 80.0'), 'a.yaml:10: spec.rules[0].expr: '],
    ['a wrong type', policy('web').replace('selector: {}', 'selector: {}\n  suspend: 12'), 'a.yaml:7: spec.suspend: '],
  ])('changes nothing for %s, and names file, line and reason', async (_name, text, expected) => {
    write('a.yaml', policy('web'));
    await files.sync();
    const before = await client.get(monitorPolicies, 'default', 'web');
    write('a.yaml', text);
    await files.sync();
    expect(await client.get(monitorPolicies, 'default', 'web')).toEqual(before);
    expect(messages()).toEqual([expect.stringContaining(expected)]);
    expect(faults).toHaveLength(1);
  });

  it('shows the caret of a CEL error', async () => {
    write('a.yaml', policy('web', 'cpu > 80.0 && cpuu > 1.0'));
    await files.sync();
    expect(messages()[0]).toMatch(/cpuu[\s\S]*\^/);
  });

  it('takes no part of a file of which another part is refused', async () => {
    write('a.yaml', `${policy('good')}---\n${policy('bad', '1 +')}`);
    await files.sync();
    expect(await names()).toEqual([]);
  });

  it('applies the other files, and heals when the broken one is mended', async () => {
    write('a.yaml', 'kind: [\n');
    write('b.yaml', policy('db'));
    await files.sync();
    expect(await names()).toEqual(['db']);
    write('a.yaml', policy('web'));
    await files.sync();
    expect(await names()).toEqual(['db', 'web']);
    expect(messages()).toEqual([]);
  });

  it('puts right what somebody changed or deleted in the objects', async () => {
    write('a.yaml', policy('web'));
    await files.sync();
    await client.delete(monitorPolicies, 'default', 'web');
    await clock.advance(61_000);
    await files.sync();
    expect(await names()).toEqual(['web']);
  });

  it('leaves objects alone that are not of the folder', async () => {
    await client.create(monitorPolicies, {
      apiVersion: 'foghorn.dev/v1alpha1',
      kind: 'MonitorPolicy',
      metadata: { name: 'by-hand', namespace: 'default' },
      spec: { selector: {}, rules: [{ name: 'down', severity: 'critical', expr: '!up' }] },
    });
    await files.sync();
    expect(await names()).toEqual(['by-hand']);
  });

  it('is content without a folder', async () => {
    rmSync(folder, { recursive: true });
    await files.sync();
    expect(messages()).toEqual([]);
  });

  it('admits every sample of the repository', async () => {
    await follow(join(repository, 'manifests/policies')).sync();
    await follow(join(repository, 'manifests/loadtests')).sync();
    expect(messages()).toEqual([]);
    expect((await client.list(loadTests)).items.length).toBeGreaterThan(0);
  });
});
