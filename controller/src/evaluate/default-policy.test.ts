import { describe, expect, it } from 'vitest';
import { checkRule } from './compile.ts';
import { defaultPolicies, type DefaultPolicySettings } from './default-policy.ts';

const settings: DefaultPolicySettings = {
  cpuThreshold: 80,
  memoryThreshold: 60,
  cooldownMs: 300_000,
  intervalMs: 30_000,
  hasDatabase: false,
};

interface Spec {
  readonly rules: readonly { name: string; severity: string; expr: string; for?: string; message?: string }[];
  readonly probes?: readonly { name: string; http?: { url: string } }[];
}

function specsOf(overrides: Partial<DefaultPolicySettings>): readonly Spec[] {
  return defaultPolicies({ ...settings, ...overrides }).map(({ spec }) => spec as unknown as Spec);
}

describe('the default policies', () => {
  it.each([
    [undefined, 'default'],
    ['shop', 'shop'],
  ])('are declared, for the namespace %s, in %s', (namespace, expected) => {
    expect(defaultPolicies({ ...settings, namespace })[0]?.metadata.namespace).toBe(expected);
  });

  it('are the severity table with the thresholds of the environment', () => {
    const [manifest, ...others] = defaultPolicies({ ...settings, cpuThreshold: 70, memoryThreshold: 80 });
    expect(others).toEqual([]);
    expect(manifest).toMatchObject({
      metadata: { name: 'default', namespace: 'default' },
      spec: {
        selector: { matchExpressions: [{ key: 'foghorn.dev/loadtest-uid', operator: 'DoesNotExist' }] },
        interval: '30s',
        cooldown: '5m',
      },
    });
    const rules = specsOf({ cpuThreshold: 70, memoryThreshold: 80 })[0]?.rules ?? [];
    expect(rules.map(({ severity, expr, for: delay }) => [severity, expr, delay].join(' ').trim())).toEqual([
      'critical !up',
      expect.stringMatching(/^critical increaseOver\("restarts", "10m"\) >= 3.0 && .* && up$/),
      'critical cpu > 70',
      'warning cpu > 60 2m',
      'critical memory > 90',
      'warning memory > 80',
      'critical oomKilled',
      'info restarted',
      'info deployed',
      'info configured',
    ]);
  });

  it.each<[string, Partial<DefaultPolicySettings>, object]>([
    [
      'the named container, which must exist',
      { containerName: 'web', targetUrl: 'http://web:8000' },
      { selector: {}, containerNames: ['web'], expect: ['web'] },
    ],
    [
      'the Compose service of the address',
      { targetUrl: 'http://api:8000' },
      { selector: { matchLabels: { 'com.docker.compose.service': 'api' } } },
    ],
  ])('probe %s', (_name, overrides, spec) => {
    expect(defaultPolicies({ ...settings, ...overrides })[1]?.spec).toMatchObject(spec);
  });

  it.each([
    ['http://web:8000', 'http://web:8000/health'],
    ['http://web:8000/', 'http://web:8000/health'],
    ['http://web:8000/ready?deep=1', 'http://web:8000/ready?deep=1'],
  ])('ask %s at %s', (targetUrl, url) => {
    expect(specsOf({ containerName: 'web', targetUrl })[1]?.probes?.[0]?.http?.url).toBe(url);
  });

  it('watch the database when there is one', () => {
    const [, http] = specsOf({ containerName: 'web', targetUrl: 'http://web:8000', hasDatabase: true });
    expect(http?.rules.map(({ name }) => name)).toEqual(['missing', 'http', 'latency', 'database']);
    expect(http?.probes?.map(({ name }) => name)).toEqual(['http', 'db']);
  });

  it('pass their own check', () => {
    const specs = specsOf({ containerName: 'web', targetUrl: 'http://web:8000', hasDatabase: true });
    const faults = specs.flatMap(({ rules, probes = [] }) =>
      rules.flatMap((rule) => checkRule({ actions: [], ...rule }, probes)),
    );
    expect(faults).toEqual([]);
  });
});
