import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { PolicyView } from '../../controller/src/dashboard/view.ts';
import { useStack, WAIT_MS } from './stack.ts';
import { until } from '../until.ts';

function manifest(rule: string, extra = ''): string {
  return [
    'apiVersion: foghorn.dev/v1alpha1',
    'kind: MonitorPolicy',
    'metadata:',
    '  name: mine',
    'spec:',
    '  interval: 5s',
    '  selector: {}',
    '  containerNames: [webapp]',
    ...(extra === '' ? [] : [extra]),
    '  rules:',
    '    - name: tight',
    '      severity: info',
    `      expr: ${rule}`,
    '',
  ].join('\n');
}

describe('the policies folder', () => {
  const stack = useStack();
  const { api } = stack;
  const file = join(stack.policies, 'mine.yaml');
  afterEach(async () => {
    await rm(file, { force: true });
    await until('the policy is gone', WAIT_MS, async () => ((await policy()) === undefined ? true : undefined));
  });

  const policy = async (): Promise<PolicyView | undefined> =>
    (await api.state()).policies.find(({ key }) => key === 'default/mine');

  async function problem(): Promise<string> {
    const found = await until('the file is named as broken', WAIT_MS, async () =>
      (await api.state()).problems.find(({ key }) => key === 'policy-file:mine.yaml'),
    );
    expect(found.reason).toBe('PolicyFileBroken');
    // The same line in the log, as JSON has it.
    await expect.poll(() => stack.docker('logs', '--tail', '50', 'monitor')).toContain(JSON.stringify(found.message));
    return found.message;
  }

  it('applies a new file within seconds, and prunes what it declared when it goes', async () => {
    await writeFile(file, manifest('memory > 99'));
    const applied = await until('the policy is in force', WAIT_MS, policy);
    expect(applied).toMatchObject({ generation: 1, rules: { valid: 1, invalid: [] } });
    await rm(file);
    await until('the policy is gone', WAIT_MS, async () => ((await policy()) === undefined ? true : undefined));
  });

  it.each([
    ['no YAML', 'spec: [unclosed\n', /^mine\.yaml:\d+: .+/],
    ['a rule that is no CEL', manifest('cpu >> 80'), /mine\.yaml:\d+: .*spec\.rules\[0\]\.expr[^]*cpu >> 80[^]*\^/],
    ['a field that no policy has', manifest('cpu > 80', '  intervall: 5s'), /mine\.yaml:9: .*intervall/],
  ])('names file, line and reason of %s, and changes nothing', async (_name, text, message) => {
    await writeFile(file, manifest('memory > 99'));
    await until('the policy is in force', WAIT_MS, policy);
    await writeFile(file, text);
    const said = await problem();
    expect(said).toMatch(message);
    expect(await policy()).toMatchObject({ generation: 1, rules: { valid: 1, invalid: [] } });

    await writeFile(file, manifest('memory > 98'));
    await until('the problem is gone', WAIT_MS, async () => {
      const { problems } = await api.state();
      return problems.length === 0 || undefined;
    });
    await expect.poll(policy).toMatchObject({ generation: 2 });
  });
});
