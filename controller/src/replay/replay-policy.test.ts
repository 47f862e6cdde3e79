import { describe, expect, it } from 'vitest';
import { buildPolicy } from '../model/builders.ts';
import type { Sample } from '../model/metrics.ts';
import type { Policy, RuleSpec } from '../model/policy.ts';
import { printReplay } from '../cli/replay/print-replay.ts';
import { targetOfId } from './recorded-target.ts';
import { replayPolicy, type Replay } from './replay-policy.ts';

const START = Date.UTC(2026, 0, 13, 10, 0, 0);
const STEP_MS = 30_000;

function rule(overrides: Partial<RuleSpec>): RuleSpec {
  return {
    name: 'cpu',
    severity: 'critical',
    expr: 'cpu > 80',
    forMs: 0,
    keepFiringForMs: 0,
    actions: [],
    ...overrides,
  };
}

const probe = {
  kind: 'http',
  name: 'http',
  url: '',
  method: 'GET',
  headers: {},
  expectedStatus: [200],
  timeoutMs: 5000,
} as const;

type Values = Sample['values'];

/** One sample each half minute; `undefined` is none. */
function replay(policy: Partial<Policy>, series: readonly (Values | undefined)[]): Replay {
  const samples = series.flatMap((values, index) =>
    values === undefined ? [] : [{ targetId: '', at: START + index * STEP_MS, values }],
  );
  return replayPolicy({
    policy: buildPolicy({ ...policy, rules: (policy.rules ?? []).map(rule) }),
    recorded: [{ target: targetOfId('local/web'), samples, resolutionMs: 0 }],
    fromMs: START,
    toMs: START + series.length * STEP_MS,
  });
}

const cpu = (...percents: readonly number[]): readonly Values[] => percents.map((value) => ({ up: 1, cpu: value }));
const answer = (httpStatus: number, latency: number): Values => ({ up: 1, httpStatus, latency });
const reasons = ({ mails }: Replay): readonly string[] => mails.map(({ reason }) => reason);
const minutes = (ms: number): number => (ms - START) / 60_000;

describe('a policy on the recorded past', () => {
  it('tells of a container that is down, and not besides that it does not answer', () => {
    const rules = [rule({ name: 'down', expr: '!up' }), rule({ name: 'http', expr: '!probes.http.up' })];
    const result = replay({ rules, probes: [probe] }, [answer(200, 0.1), { up: 0 }, { up: 0 }, { up: 0 }]);
    expect(result.alerts.map((alert) => [alert.rule, alert.mails])).toEqual([
      ['down', 1],
      ['http', 0],
    ]);
  });

  it('fires, and ends, with the mails that would have gone', () => {
    const result = replay({ rules: [rule({})] }, cpu(10, 90, 95, 10, 10));
    expect(result.alerts).toMatchObject([
      { rule: 'cpu', severity: 'critical', fired: true, values: { cpu: 90 }, mails: 2 },
    ]);
    expect(result.alerts.map(({ fromMs, toMs }) => [minutes(fromMs), minutes(toMs ?? 0)])).toEqual([[0.5, 1.5]]);
    expect(reasons(result)).toEqual(['first', 'resolved']);
  });

  it('reminds when the cooldown is over', () => {
    const result = replay({ rules: [rule({})], cooldownMs: 300_000 }, cpu(...Array.from({ length: 30 }, () => 90)));
    expect(reasons(result)).toEqual(['first', 'reminder', 'reminder']);
    expect(result.mails.map(({ at }) => Math.round(minutes(at)))).toEqual([0, 5, 10]);
    expect(result.alerts[0]?.toMs).toBeUndefined();
  });

  it('shows a breach that ended before its time as pending only', () => {
    const result = replay({ rules: [rule({ forMs: 120_000 })] }, cpu(90, 90, 10, 10));
    expect(result.alerts).toMatchObject([{ fired: false, mails: 0, phases: [{ state: 'pending' }] }]);
  });

  it('follows the levels of one rule', () => {
    const rules = [rule({}), rule({ severity: 'warning', expr: 'cpu > 60' })];
    const result = replay({ rules }, cpu(70, 90, 70, 10));
    expect(result.alerts).toHaveLength(1);
    expect(result.alerts[0]?.phases.map(({ state }) => state)).toEqual(['warning', 'critical', 'warning']);
    expect(reasons(result)).toEqual(['first', 'escalated', 'resolved']);
  });

  it('knows what is down, and not in which way', () => {
    const rules = [
      rule({ name: 'down', expr: '!up' }),
      rule({ name: 'paused', expr: 'state == "paused"' }),
      rule({ name: 'either', expr: '!up || state == "paused"' }),
    ];
    const result = replay({ rules }, [{ up: 1 }, { up: 0 }, { up: 0 }]);
    expect(result.alerts.map(({ rule: name }) => name)).toEqual(['down', 'either']);
    expect(result.unknown).toMatchObject([
      { rule: 'paused', looks: 3 },
      { rule: 'either', looks: 1 },
    ]);
  });

  it('leaves alone what had ended before anybody looked', () => {
    const rules = [rule({ name: 'down', expr: '!up' })];
    expect(replay({ rules }, [{ up: 0 }, { up: 0 }]).alerts).toEqual([]);
    expect(replay({ rules, expect: ['web'] }, [{ up: 0 }, { up: 0 }]).alerts).toHaveLength(1);
  });

  it('holds the alert while the target could not be looked at', () => {
    const result = replay({ rules: [rule({})] }, [...cpu(90), {}, {}, ...cpu(90)]);
    expect(result.alerts).toHaveLength(1);
    expect(result.unknown).toMatchObject([{ rule: 'cpu', looks: 2 }]);
  });

  it('takes the answers of the first HTTP probe, and no answer for a failure', () => {
    const rules = [
      rule({ name: 'http', expr: 'probes.http.status >= 500 || !probes.http.up' }),
      rule({ name: 'slow', severity: 'warning', expr: 'probes.http.latency > 1' }),
    ];
    const result = replay({ rules, probes: [probe] }, [answer(200, 0.1), answer(503, 0.1), answer(200, 2), { up: 1 }]);
    expect(result.alerts.map(({ rule: name, fromMs }) => [name, minutes(fromMs)])).toEqual([
      ['http', 0.5],
      ['slow', 1],
      ['http', 1.5],
    ]);
  });

  it('does not look into the future for rules over time', () => {
    const rules = [rule({ expr: 'maxOver("cpu", "5m") > 80.0' })];
    expect(minutes(replay({ rules }, cpu(10, 10, 90)).alerts[0]?.fromMs ?? 0)).toBe(1);
  });

  it('counts a restart from the counter and from the end of an outage', () => {
    const rules = [rule({ name: 'restart', severity: 'info', expr: 'restarted' })];
    const result = replay({ rules, cooldownMs: 1 }, [
      { up: 1, restarts: 0 },
      { up: 1, restarts: 1 },
      { up: 1, restarts: 1 },
      { up: 0, restarts: 1 },
      { up: 1, restarts: 0 },
    ]);
    expect(result.alerts.map(({ fromMs }) => minutes(fromMs))).toEqual([0.5, 2]);
  });

  it('does not remind while no controller ran', () => {
    const gap = Array.from({ length: 60 }, () => undefined);
    const result = replay({ rules: [rule({})] }, [...cpu(90), ...gap, ...cpu(90)]);
    expect(reasons(result)).toEqual(['first', 'reminder']);
    expect(result.notes).toEqual(expect.arrayContaining([expect.stringContaining('grace time')]));
  });

  it('judges at the interval of the policy', () => {
    expect(replay({ rules: [rule({})], intervalMs: 120_000 }, cpu(1, 1, 1, 1, 1, 1, 1, 1)).looks).toBe(2);
  });
});

it('prints hostile names without their control characters', () => {
  const target = { ...targetOfId('local/web'), id: 'local/\u001b[2Jweb\r\n' };
  const policy = buildPolicy({ rules: [rule({})] });
  const samples = [{ targetId: '', at: START, values: { up: 1, cpu: 99 } }];
  const text = printReplay(
    replayPolicy({ policy, recorded: [{ target, samples, resolutionMs: 0 }], fromMs: START, toMs: START + STEP_MS }),
  );
  expect(text).toContain('critical');
  expect(text).not.toContain('\u001b');
  expect(text).not.toContain('\r');
});
