import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildObservation, buildPolicy, buildTarget } from '../model/builders.ts';
import type { MetricName, Point, RecentSamples } from '../model/metrics.ts';
import type { Observation, ProbeResult } from '../model/observation.ts';
import type { RuleSpec } from '../model/policy.ts';
import type { Verdict } from '../model/verdict.ts';
import { compilePolicy } from './compile.ts';
import { evaluatePolicy, type EvaluationInput } from './evaluate.ts';

const now = 1_000_000;
const web = buildTarget({ name: 'web', host: 'local', labels: { app: 'shop' } });

function samples(points: Partial<Record<MetricName, readonly [agoSeconds: number, value: number][]>>): RecentSamples {
  return {
    since: (metric, sinceMs) =>
      (points[metric] ?? [])
        .map(([ago, value]): Point => ({ at: now - ago * 1000, value }))
        .filter(({ at }) => at > sinceMs),
  };
}

interface Situation extends Partial<EvaluationInput> {
  readonly rule?: Partial<RuleSpec>;
}

function judge(expr: string, { rule, ...input }: Situation = {}): Verdict {
  const spec: RuleSpec = {
    name: 'rule',
    severity: 'warning',
    expr,
    forMs: 0,
    keepFiringForMs: 0,
    actions: [],
    ...rule,
  };
  const probes = (['http', 'db'] as const).map((name) => ({
    kind: 'tcp' as const,
    name,
    host: 'h',
    port: 1,
    timeoutMs: 1,
  }));
  const policy = compilePolicy(buildPolicy({ rules: [spec], probes }));
  expect(policy.invalid).toEqual([]);
  const [verdict] = evaluatePolicy(policy, {
    observation: running(),
    previousAt: now - 30_000,
    recent: samples({}),
    now,
    ...input,
  });
  const found = verdict?.levels[0]?.verdict;
  if (found === undefined) throw new Error('no verdict');
  return found;
}

function running(overrides: Partial<Parameters<typeof buildObservation>[0]> = {}): Observation {
  return buildObservation({
    at: now,
    target: web,
    startedAt: now - 3_600_000,
    resources: { cpuPercent: 85.24, memoryPercent: 40, memoryBytes: 536_870_912, processes: 12 },
    ...overrides,
  });
}

const stopped = running({ state: 'exited', exitCode: 137, resources: {} });
const unreachable: Observation = {
  kind: 'unreachable',
  at: now,
  target: web,
  reason: 'HostUnreachable',
  message: 'connect ENOENT /var/run/docker.sock',
  probes: { http: { protocol: 'http', at: now, up: true, status: 200, latencyMs: 5 } },
};

function http(overrides: Partial<ProbeResult>): Record<string, ProbeResult> {
  return { http: { protocol: 'http', at: now, up: true, status: 200, latencyMs: 12, ...overrides } };
}
const refused = http({
  up: false,
  status: undefined,
  latencyMs: undefined,
  error: { kind: 'refused', message: 'connection refused' },
});

describe('a rule that can be decided', () => {
  it.each<[string, string, Situation, Verdict['kind']]>([
    ['cpu over its threshold', 'cpu > 80', {}, 'breach'],
    ['cpu under its threshold', 'cpu > 90', {}, 'clear'],
    ['a stopped container is not up', '!up', { observation: stopped }, 'breach'],
    ['a paused container is not up', '!up', { observation: running({ state: 'paused' }) }, 'breach'],
    [
      'a missing container is not up',
      '!up && state == "missing"',
      { observation: running({ state: 'missing' }) },
      'breach',
    ],
    [
      'a running container is up though a stop was asked for',
      '!up',
      { observation: running({ stopRequestedAt: now }) },
      'clear',
    ],
    ['a value that is not needed may be missing', '!up || cpu > 80', { observation: stopped }, 'breach'],
    ['in either order', 'cpu > 80 || !up', { observation: stopped }, 'breach'],
    ['and for and', 'cpu > 80 && up', { observation: stopped }, 'clear'],
    [
      'no answer is a probe that is down',
      'probes.http.status >= 500 || !probes.http.up',
      { observation: running({ probes: refused }) },
      'breach',
    ],
    [
      'a probe answers 503',
      'probes.http.status >= 500',
      { observation: running({ probes: http({ up: false, status: 503 }) }) },
      'breach',
    ],
    [
      'the error of a probe that is up is empty',
      'probes.http.error == ""',
      { observation: running({ probes: http({}) }) },
      'breach',
    ],
    ['probes answer though the host does not', '!probes.http.up', { observation: unreachable }, 'clear'],
    [
      'the container is known though the host does not answer',
      'container.labels["app"] == "shop"',
      { observation: unreachable },
      'breach',
    ],
    [
      'latency in seconds',
      'probes.http.latency > 1',
      { observation: running({ probes: http({ latencyMs: 1500 }) }) },
      'breach',
    ],
    ['no load test', 'loadtest.running', {}, 'clear'],
    [
      'a load test',
      'loadtest.running && loadtest.rate >= 50 && loadtest.name == "peak"',
      { loadtest: { name: 'peak', rate: 50 } },
      'breach',
    ],
    ['uptime in seconds', 'uptime == 3600', {}, 'breach'],
    ['an exit code', 'exitCode == 137', { observation: stopped }, 'breach'],
    [
      'a pattern that would never end in JavaScript',
      'container.name.matches("^(a+)+$")',
      { observation: running({ target: { ...web, name: `${'a'.repeat(5000)}!` } }) },
      'clear',
    ],
  ])('%s: %s', (_name, expr, situation, kind) => {
    expect(judge(expr, situation).kind).toBe(kind);
  });

  it.each<[string, readonly { kind: 'restarted'; at: number }[], number | undefined, Verdict['kind']]>([
    ['since the last look', [{ kind: 'restarted', at: now - 10_000 }], now - 30_000, 'breach'],
    ['at the last look', [{ kind: 'restarted', at: now - 30_000 }], now - 30_000, 'clear'],
    ['with a first look', [{ kind: 'restarted', at: now }], undefined, 'breach'],
    ['long before a first look', [{ kind: 'restarted', at: now - 10_000 }], undefined, 'clear'],
    ['never', [], now - 30_000, 'clear'],
  ])('a change noticed %s', (_name, changes, previousAt, kind) => {
    expect(judge('restarted', { observation: running({ changes }), previousAt }).kind).toBe(kind);
  });
});

describe('a value that is not there makes a verdict unknown, with the reason', () => {
  it.each<[string, Situation, string]>([
    [
      'cpu > 80',
      { observation: running({ resources: {}, note: 'first sample of this run' }) },
      'cpu: no reading: first sample of this run',
    ],
    ['cpu > 80', { observation: stopped }, 'cpu: no reading: the container is exited'],
    ['!(memory > 80)', { observation: running({ resources: {} }) }, 'memory: no reading'],
    ['uptime > 3', { observation: stopped }, 'uptime: no reading: the container is exited'],
    ['exitCode == 1', {}, 'exitCode: the container has not ended'],
    [
      'probes.http.status >= 500',
      { observation: running({ probes: refused }) },
      'probe http got no answer: connection refused',
    ],
    [
      'probes["http"].latency > 1',
      { observation: running({ probes: refused }) },
      'probe http got no answer: connection refused',
    ],
    ['!probes.db.up', {}, 'probe db has no result of this run yet'],
    ['probes.http.value > 3', { observation: running({ probes: http({}) }) }, 'probe http gave no value'],
    ['container.labels["team"] == "a"', {}, 'container has no label "team"'],
    [
      '!up',
      { observation: running({ state: 'exited', stopRequestedAt: now - 14_999 }) },
      'just created, crashed with a restart policy, or stopped on request: within its grace time',
    ],
    [
      '!up',
      { observation: running({ state: 'created', stopRequestedAt: now }) },
      'just created, crashed with a restart policy, or stopped on request: within its grace time',
    ],
    [
      '!up',
      { observation: running({ restarts: 1, startedAt: now - 9999 }) },
      'started again by the engine a moment ago, after a crash',
    ],
    ['!up', { observation: unreachable }, 'host local unreachable: connect ENOENT /var/run/docker.sock'],
    [
      'cpu > 80',
      { observation: { ...unreachable, reason: 'Timeout', message: 'no answer in 5s' } },
      'container could not be looked at: no answer in 5s',
    ],
    ['restarted', { observation: unreachable }, 'host local unreachable: connect ENOENT /var/run/docker.sock'],
    [
      'avgOver("cpu", "5m") > 3',
      { observation: unreachable },
      'host local unreachable: connect ENOENT /var/run/docker.sock',
    ],
    ['avgOver("cpu", "5m") > 3', {}, 'avgOver: no sample of cpu in the last 5m'],
    [
      'increaseOver("restarts", "10m") >= 3',
      { recent: samples({ restarts: [[0, 3]] }) },
      'increaseOver: fewer than two samples of restarts in the last 10m',
    ],
    ['restarts / 0 == 1', {}, 'division by zero'],
  ])('%s: %j', (expr, situation, reason) => {
    expect(judge(expr, situation)).toEqual({ kind: 'unknown', reason });
  });

  it('tells a stop that lasts longer than its grace time', () => {
    expect(judge('!up', { observation: running({ state: 'exited', stopRequestedAt: now - 15_000 }) }).kind).toBe(
      'breach',
    );
  });
});

describe('a rule over time', () => {
  const recent = samples({
    cpu: [
      [600, 99],
      [240, 10],
      [120, 20],
      [0, 60],
    ],
    restarts: [
      [500, 1],
      [400, 3],
      [300, 0],
      [200, 2],
    ],
    memoryBytes: [
      [500, 100],
      [0, 70],
    ],
  });
  it.each([
    ['avgOver("cpu", "5m") == 30', 'the mean of the points inside'],
    ['maxOver("cpu", "5m") == 60 && maxOver("cpu", "11m") == 99', 'the greatest'],
    ['minOver("cpu", "5m") == 10', 'the least'],
    ['increaseOver("restarts", "10m") == 4', 'a counter that began again at zero goes on counting'],
    ['increaseOver("memoryBytes", "10m") == -30', 'a gauge grows by last less first'],
  ])('%s: %s', (expr) => {
    expect(judge(expr, { recent }).kind).toBe('breach');
  });
});

describe('what a breach says', () => {
  it.each<[string, Situation, string]>([
    ['cpu > 80', {}, 'cpu is 85.2 % (rule: cpu > 80)'],
    [
      'cpu > 80 && memoryBytes > 1000000.0',
      {},
      'cpu is 85.2 %, memoryBytes is 512 MiB (rule: cpu > 80 && memoryBytes > 1000000.0)',
    ],
    ['cpu > 80', { observation: running({ resources: { cpuPercent: 80.04 } }) }, 'cpu is 80.04 % (rule: cpu > 80)'],
    ['!up', { observation: stopped }, 'container is DOWN (state exited, exit code 137)'],
    ['!up', { observation: running({ state: 'missing' }) }, 'container is DOWN (no such container)'],
    ['!up || cpu > 80', {}, 'cpu is 85.2 % (rule: !up || cpu > 80)'],
    [
      'probes.http.status >= 500 || !probes.http.up',
      { observation: running({ probes: refused }) },
      'probe http failed: connection refused',
    ],
    [
      'probes.http.status >= 500 || !probes.http.up',
      { observation: running({ probes: http({ up: false, status: 503 }) }) },
      'probe http answered HTTP 503',
    ],
    [
      'probes.http.latency > 1',
      { observation: running({ probes: http({ latencyMs: 1523 }) }) },
      'probes.http.latency is 1.52 s (rule: probes.http.latency > 1)',
    ],
    [
      'restarted',
      {
        observation: running({
          changes: [
            { kind: 'crashed', at: now - 1, exitCode: 3 },
            { kind: 'restarted', at: now },
          ],
        }),
      },
      'container restarted after it ended unasked (exit code 3)',
    ],
    [
      'crashed',
      { observation: running({ changes: [{ kind: 'crashed', at: now, exitCode: 1 }] }) },
      'container ended unasked (exit code 1)',
    ],
    [
      'deployed',
      { observation: running({ changes: [{ kind: 'deployed', at: now, detail: 'image a:1 -> a:2' }] }) },
      'container was deployed anew (image a:1 -> a:2)',
    ],
    [
      'maxOver("memoryBytes", "5m") > 1',
      { recent: samples({ memoryBytes: [[0, 2048]] }) },
      'maxOver(memoryBytes, 5m) is 2 KiB (rule: maxOver("memoryBytes", "5m") > 1)',
    ],
    ['true', {}, 'rule: true'],
  ])('%s: %j', (expr, situation, message) => {
    expect(judge(expr, situation)).toMatchObject({ kind: 'breach', message });
  });

  it.each<[string, string]>([
    ['CPU {{ cpu }} % on {{container.name}}, {{ restarts }} restarts', 'CPU 85.24 % on web, 0 restarts'],
    ['label {{ container.labels["team"] }}', 'cpu is 85.2 % (rule: cpu > 80)'],
    ['status {{ probes.http.status }}', 'cpu is 85.2 % (rule: cpu > 80)'],
    ['{{ "" }}', 'cpu is 85.2 % (rule: cpu > 80)'],
    ['{{ "two\\nlines\\u001b[31m" }}', 'two lines [31m'],
  ])('renders the message "%s"', (message, rendered) => {
    expect(judge('cpu > 80', { rule: { message } })).toMatchObject({ message: rendered });
  });

  it('carries the raw values that the expression used, and not the missing ones', () => {
    const verdict = judge('!up || cpu > 80 || probes.http.status >= 500', {
      observation: running({ probes: refused }),
    });
    expect(verdict).toMatchObject({ values: { up: true, cpu: 85.24 } });
    expect(verdict).not.toHaveProperty('values.probes.http.status');
  });

  it('advises by the kind of metric, and by its own words when it has any', () => {
    expect(judge('!up', { observation: stopped })).toMatchObject({
      actions: ['See why it ended: docker logs --tail 50 web', 'Start it again: docker start web'],
    });
    const actions = ['docker restart {{ container.name }}', 'call {{ container.labels["team"] }}'];
    expect(judge('cpu > 80', { rule: { actions } })).toMatchObject({ actions: ['docker restart web'] });
  });

  it('advises by kubectl about a container of a cluster', () => {
    const labels = { 'foghorn.dev/container': 'app' };
    const target = { ...web, name: 'web-7d9f-abcde/app', namespace: 'shop', labels };
    expect(judge('!up', { observation: { ...stopped, target } })).toMatchObject({
      actions: [
        'See why it ended: kubectl -n shop logs --tail 50 web-7d9f-abcde -c app --previous',
        'See what keeps it from running: kubectl -n shop describe pod web-7d9f-abcde',
      ],
    });
    expect(judge('cpu > 80', { observation: running({ target }) })).toMatchObject({
      actions: expect.arrayContaining([
        'If a process hangs, restart the container: kubectl -n shop delete pod web-7d9f-abcde',
      ]),
    });
  });

  it('puts no hostile name into a command', () => {
    const observation = running({ state: 'exited', target: { ...web, name: 'web; rm -rf /' } });
    expect(judge('!up', { observation })).toMatchObject({
      actions: expect.arrayContaining(['Start it again: docker start CONTAINER']),
    });
  });

  it('cuts what is too long', () => {
    const observation = running({
      probes: http({
        up: false,
        status: undefined,
        latencyMs: undefined,
        error: { kind: 'network', message: 'x'.repeat(5000) },
      }),
    });
    const verdict = judge('!probes.http.up', { observation });
    expect(verdict.kind === 'breach' && verdict.message.length).toBe(1000);
  });
});

describe('whatever expression was admitted', () => {
  it('gives a verdict and never throws', () => {
    const numbers =
      'cpu|memory|restarts|exitCode|uptime|probes.http.status|probes.http.latency|3|0.5|-restarts|restarts / 0|' +
      'restarts % 0|cpu / 0.0|int("x")|avgOver("cpu", "5m")';
    const number = fc.constantFrom(...numbers.split('|'));
    const comparison = fc.tuple(number, fc.constantFrom('<', '>=', '==', '!='), number).map((parts) => parts.join(' '));
    const flags = 'up|restarted|probes.http.up|container.labels["x"] == "y"|has(probes.http.status)';
    const condition = fc.oneof(comparison, fc.constantFrom(...flags.split('|')));
    const expression = fc
      .array(fc.tuple(fc.constantFrom('', '!'), condition, fc.constantFrom('&&', '||', '? up :')), { maxLength: 5 })
      .map((parts) => `${parts.map(([not, what, join]) => `${not}(${what}) ${join}`).join(' ')} cpu > 80`);
    let judged = 0;
    fc.assert(
      fc.property(expression, fc.constantFrom(running(), stopped, unreachable), (expr, observation) => {
        const rules: RuleSpec[] = [{ name: 'a', severity: 'info', expr, forMs: 0, keepFiringForMs: 0, actions: [] }];
        const probes = [{ kind: 'tcp' as const, name: 'http', host: 'h', port: 1, timeoutMs: 1 }];
        const policy = compilePolicy(buildPolicy({ rules, probes }));
        const verdicts = evaluatePolicy(policy, { observation, previousAt: undefined, recent: samples({}), now });
        judged += verdicts.length;
        expect(verdicts.length + policy.invalid.length).toBe(1);
      }),
      { numRuns: 2000 },
    );
    expect(judged).toBeGreaterThan(1500);
  });
});
