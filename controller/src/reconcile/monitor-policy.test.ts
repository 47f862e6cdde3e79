import { beforeEach, describe, expect, it } from 'vitest';
import { createEmbeddedClient } from '../apiserver/embedded-client.ts';
import { openTestApi, type TestApi } from '../apiserver/test-api.ts';
import { monitorPolicies, type KubeObject, type ResourceClient } from '../kube/client.ts';
import type { HostStatus } from '../model/host.ts';
import type { Policy } from '../model/policy.ts';
import type { MonitorPolicyStatus } from '../model/resources.generated.ts';
import type { EmailSnapshot, PolicySnapshot } from '../model/snapshot.ts';
import { createPolicyReconciler } from './monitor-policy.ts';

const reachable: HostStatus = {
  host: 'local',
  runtime: 'docker',
  since: 0,
  reachable: true,
  engineVersion: '28',
  apiVersion: '1.44',
  source: 'cgroup',
  cpus: 2,
  memoryBytes: 1,
};
const away: HostStatus = {
  host: 'local',
  runtime: 'docker',
  since: 0,
  reachable: false,
  reason: 'NoSocket',
  message: 'no socket: is Docker installed?',
};
const configured: EmailSnapshot = { configured: true, message: 'to ops', sent: 0, failed: 0, waiting: 0 };

const snapshot: PolicySnapshot = {
  key: 'default/web',
  uid: '',
  generation: 1,
  suspended: false,
  intervalMs: 30_000,
  targets: { matched: 2, up: 1, down: 1, unreachable: 0 },
  rules: { valid: 1, invalid: [] },
  alerts: { pending: 0, firing: 0, silenced: 0, unknown: 0 },
  lastEvaluationAt: Date.UTC(2026, 0, 13, 10, 0, 0),
  recipients: [{ recipient: 'ops@example.org' }],
};

function conditions({ conditions: all = [] }: MonitorPolicyStatus): readonly string[] {
  return all.map(({ type, status, reason }) => `${type}=${status} ${reason}`);
}

function transition({ conditions: all = [] }: MonitorPolicyStatus, type: string): string | undefined {
  return all.find((condition) => condition.type === type)?.lastTransitionTime;
}

describe('a MonitorPolicy', () => {
  let opened: TestApi;
  let client: ResourceClient;
  let applied: Policy[];
  let removed: string[];
  let seen: { snapshot: PolicySnapshot; hosts: readonly HostStatus[]; email: EmailSnapshot };
  let reconcile: ReturnType<typeof createPolicyReconciler>;
  let stored: KubeObject | undefined;
  let deps: Parameters<typeof createPolicyReconciler>[0];

  beforeEach(async () => {
    opened = await openTestApi();
    client = createEmbeddedClient({ api: opened.api, fieldManager: 'test' });
    applied = [];
    removed = [];
    seen = { snapshot, hosts: [reachable], email: configured };
    stored = await client.create(monitorPolicies, {
      apiVersion: 'foghorn.dev/v1alpha1',
      kind: 'MonitorPolicy',
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: {}, rules: [{ name: 'down', severity: 'critical', expr: '!up' }] },
    });
    deps = {
      client,
      clock: opened.clock,
      lookUp: () => stored,
      pipeline: {
        apply: (policy) => applied.push(policy),
        remove: (key) => removed.push(key),
        policySnapshot: () => seen.snapshot,
        hosts: () => seen.hosts,
        email: () => seen.email,
      },
    };
    reconcile = createPolicyReconciler(deps);
  });

  async function pass(): Promise<MonitorPolicyStatus> {
    await reconcile('default/web');
    stored = await client.get(monitorPolicies, 'default', 'web');
    return stored?.status as MonitorPolicyStatus;
  }

  it('is put in force once, with its defaults', async () => {
    await pass();
    await pass();
    expect(applied).toHaveLength(1);
    expect(applied[0]).toMatchObject({
      key: 'default/web',
      intervalMs: 30_000,
      cooldownMs: 300_000,
      stopGraceMs: 15_000,
    });
  });

  it('says how it stands', async () => {
    const status = await pass();
    expect(status).toMatchObject({
      observedGeneration: 1,
      targets: { matched: 2, up: 1, down: 1 },
      rules: { valid: 1, invalid: 0 },
    });
    expect(conditions(status)).toEqual([
      'Ready=True Evaluating',
      'Alerting=False NoActiveAlerts',
      'NotificationsDelivered=True Delivered',
    ]);
  });

  it('writes nothing while nothing changes', async () => {
    await pass();
    const before = stored?.metadata.resourceVersion;
    await pass();
    expect(stored?.metadata.resourceVersion).toBe(before);
  });

  it('writes a newer evaluation time only once a minute', async () => {
    await pass();
    const before = stored?.metadata.resourceVersion;
    const at = snapshot.lastEvaluationAt ?? 0;
    seen = { ...seen, snapshot: { ...snapshot, lastEvaluationAt: at + 59_000 } };
    await pass();
    expect(stored?.metadata.resourceVersion).toBe(before);
    seen = { ...seen, snapshot: { ...snapshot, lastEvaluationAt: at + 60_000 } };
    await pass();
    expect(stored?.metadata.resourceVersion).not.toBe(before);
  });

  it.each([
    ['an engine that is away', { hosts: [away] }, 'Ready=False SourceUnreachable'],
    [
      'no container that matches',
      { snapshot: { ...snapshot, targets: { matched: 0, up: 0, down: 0, unreachable: 0 } } },
      'Ready=False NoTargetsMatched',
    ],
    ['no look yet', { snapshot: { ...snapshot, lastEvaluationAt: undefined } }, 'Ready=Unknown Progressing'],
    ['being suspended', { snapshot: { ...snapshot, suspended: true } }, 'Ready=True Suspended'],
    [
      'firing alerts, without being any less ready',
      {
        snapshot: {
          ...snapshot,
          alerts: { pending: 0, firing: 2, silenced: 1, unknown: 0, highestSeverity: 'critical' as const },
        },
      },
      'Alerting=True AlertsFiring',
    ],
    [
      'firing alerts that are all silenced',
      {
        snapshot: {
          ...snapshot,
          alerts: { pending: 0, firing: 2, silenced: 2, unknown: 0, highestSeverity: 'critical' as const },
        },
      },
      'Alerting=True AlertsSilenced',
    ],
    [
      'mails that are not configured',
      {
        snapshot: { ...snapshot, recipients: [] },
        email: { ...configured, configured: false, message: 'set SENDER_EMAIL' },
      },
      'NotificationsDelivered=False NoRecipients',
    ],
    [
      'an unverified sender',
      {
        snapshot: {
          ...snapshot,
          recipients: [
            {
              recipient: 'ops@example.org',
              last: {
                at: 1,
                severity: 'critical' as const,
                error: { reason: 'SenderNotVerified', message: 'verify it' },
              },
            },
          ],
        },
      },
      'NotificationsDelivered=False SenderNotVerified',
    ],
  ])('tells of %s', async (_name, change, expected) => {
    seen = { ...seen, ...change };
    expect(conditions(await pass())).toContain(expected);
  });

  it.each([
    ['in a cluster', { kind: 'cluster' } as const, 'Ready=True Evaluating', /^watching/, ['default', 'bank']],
    [
      'in one namespace',
      { kind: 'cluster', only: 'default' } as const,
      'Ready=False NamespaceNotSeen',
      /^containers of bank/,
      ['default', 'bank'],
    ],
    [
      'on hosts',
      { kind: 'hosts' } as const,
      'Ready=True Evaluating',
      /; namespaceSelector is without meaning/,
      undefined,
    ],
  ])('that names another namespace says %s what it sees of it', async (_name, place, expected, message, namespaces) => {
    if (stored === undefined) throw new Error('no policy');
    const spec = { ...(stored.spec as object), namespaceSelector: { any: false, matchNames: ['bank'] } };
    stored = await client.update(monitorPolicies, { ...stored, spec });
    reconcile = createPolicyReconciler({ ...deps, place });
    const status = await pass();
    expect(conditions(status)).toContain(expected);
    expect(status.conditions?.find(({ type }) => type === 'Ready')?.message).toMatch(message);
    expect(applied.at(-1)?.namespaces).toEqual(namespaces);
  });

  it('says in which namespaces nothing matches', async () => {
    seen = { ...seen, snapshot: { ...snapshot, targets: { matched: 0, up: 0, down: 0, unreachable: 0 } } };
    reconcile = createPolicyReconciler({ ...deps, place: { kind: 'cluster' } });
    expect((await pass()).conditions?.[0]?.message).toBe(
      'no container of namespace default matches selector and containerNames',
    );
  });

  it('moves the transition time of a condition only when its status flips', async () => {
    const before = await pass();
    await opened.clock.advance(10_000);
    seen = { ...seen, hosts: [away] };
    const after = await pass();
    expect(transition(after, 'Ready')).not.toBe(transition(before, 'Ready'));
    expect(transition(after, 'Alerting')).toBe(transition(before, 'Alerting'));
  });

  it('is put in force anew when its spec changes, and taken out when it goes', async () => {
    await pass();
    await client.update(monitorPolicies, { ...stored!, spec: { ...(stored!.spec as object), interval: '10s' } });
    stored = await client.get(monitorPolicies, 'default', 'web');
    await pass();
    expect(applied.map(({ intervalMs }) => intervalMs)).toEqual([30_000, 10_000]);
    stored = undefined;
    await reconcile('default/web');
    await reconcile('default/web');
    expect(removed).toEqual(['default/web']);
  });
});
