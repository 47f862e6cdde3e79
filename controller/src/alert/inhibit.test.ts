import { describe, expect, it } from 'vitest';
import type { Alert, FiringAlert, PendingAlert } from '../model/alert.ts';
import { identity } from './builders.ts';
import { hostTarget } from './host-rule.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import { findInhibitors } from './inhibit.ts';

interface Readers {
  readonly to: readonly string[];
  readonly minSeverity: Severity;
}

const ops: Readers = { to: ['ops@example.org'], minSeverity: 'info' };

function buildFiring(overrides: Partial<FiringAlert>): FiringAlert {
  const alert: FiringAlert = {
    ...identity,
    state: 'firing',
    severity: 'critical',
    message: '',
    actions: [],
    values: { cpu: 90 },
    levels: [],
    eventLike: false,
    pendingSince: 0,
    firedAt: 0,
    notified: { count: 0, resolvedTold: true, flaps: 0 },
    ...overrides,
  };
  return { ...alert, key: `${alert.policy}|${alert.rule}|${alert.target.id}` };
}

const down = buildFiring({ rule: 'down', values: { up: false } });
const cpu = buildFiring({});
const http = buildFiring({ rule: 'http', values: { 'probes.http.up': false } });
const host = buildFiring({ rule: 'host', target: hostTarget('local'), values: { reachable: false } });

function inhibited(alerts: readonly Alert[], readers: Readonly<Record<string, Readers>> = {}): readonly string[] {
  const found = findInhibitors(alerts, ({ policy, severity }) => {
    const { to, minSeverity } = readers[policy] ?? ops;
    return compareSeverity(severity, minSeverity) < 0 ? undefined : to;
  });
  return [...found].map(([key, by]) => `${key.split('|')[1]} by ${by.rule}`);
}

describe('a container that is down', () => {
  it.each([
    ['cpu', { cpu: 90 }],
    ['memory', { memory: 95, memoryBytes: 10 }],
    ['a mean', { 'avgOver(cpu, 5m)': 90 }],
    ['a probe', { 'probes.http.up': false }],
    ['a probe of a container that should run', { up: false, 'probes.http.status': 503 }],
  ])('explains %s', (_name, values) => {
    expect(inhibited([down, buildFiring({ values })])).toEqual(['cpu by down']);
  });

  it.each<[string, Partial<FiringAlert>, Partial<FiringAlert>?]>([
    ['restarts', { values: { 'increaseOver(restarts, 10m)': 4 } }],
    ['an event', { values: { oomKilled: true }, eventLike: true }],
    ['another rule about its state', { rule: 'missing', values: { state: 'missing', up: false } }],
    ['another container', { target: { ...identity.target, id: 'local/db' } }],
    ['what is worse', {}, { severity: 'warning' }],
  ])('does not explain %s', (_name, other, source: Partial<FiringAlert> = {}) => {
    expect(inhibited([{ ...down, ...source }, buildFiring(other)])).toEqual([]);
  });

  it.each([
    ['it is named by its state', { values: { state: 'missing', up: false } }, ['cpu by down']],
    ['it asks which container it is', { values: { up: false, 'container.name': 'web' } }, ['cpu by down']],
    ['it fires because of a probe', { values: { up: false, 'probes.http.status': 500 } }, []],
    ['the container runs', { values: { state: 'running', up: true } }, []],
    ['it is an event', { values: { crashed: true }, eventLike: true }, []],
  ])('is known by what its rule saw: %s', (_name, source, expected) => {
    expect(inhibited([{ ...down, ...source }, cpu])).toEqual(expected);
  });

  it('explains nothing before it fires', () => {
    const { firedAt: _firedAt, ...rest } = down;
    const pending: PendingAlert = { ...rest, state: 'pending' };
    expect(inhibited([pending, cpu])).toEqual([]);
  });
});

describe('a host that is away', () => {
  it('explains all that is said of its containers, and nothing on other hosts', () => {
    const elsewhere = buildFiring({ target: { ...identity.target, id: 'web-1/web', host: 'web-1' } });
    expect(inhibited([host, down, cpu, elsewhere])).toEqual(['down by host', 'cpu by host']);
  });

  it('explains it from the first failed look on', () => {
    const { firedAt: _firedAt, ...rest } = host;
    expect(inhibited([{ ...rest, state: 'pending' }, http])).toEqual(['http by host']);
  });

  it('is told once to the same readers: by the policy where it fired first', () => {
    const second = buildFiring({ ...host, policy: 'default/second' });
    const earlier = buildFiring({ ...host, policy: 'default/third', firedAt: -1 });
    expect([...findInhibitors([host, second, earlier], () => ops.to).keys()]).toEqual([host.key, second.key]);
  });

  it('is told by another policy when the one that would speak is silenced', () => {
    const second = buildFiring({ ...host, policy: 'default/second', firedAt: 1 });
    expect(inhibited([{ ...host, silencedBy: 'works' }, second])).toEqual([]);
  });
});

describe('what explains an alert', () => {
  const other = buildFiring({ policy: 'default/http', rule: 'http', values: { 'probes.http.up': false } });

  it.each([
    ['the same readers', ops, ops, ['http by down']],
    ['more readers', { ...ops, to: ['a@example.org', 'ops@example.org'] }, ops, ['http by down']],
    ['other readers', { ...ops, to: ['a@example.org'] }, ops, []],
    ['readers who do not hear of it', { ...ops, minSeverity: 'critical' }, ops, ['http by down']],
  ] as const)('may be of another policy that is told to %s', (_name, source, asked, expected) => {
    expect(inhibited([down, other], { 'default/web': source, 'default/http': asked })).toEqual(expected);
  });

  it('must be told itself', () => {
    const warning = { ...down, severity: 'warning' } as const;
    const mild = buildFiring({ severity: 'warning', values: { 'probes.http.up': false } });
    expect(inhibited([warning, mild], { 'default/web': { ...ops, minSeverity: 'critical' } })).toEqual([]);
  });
});
