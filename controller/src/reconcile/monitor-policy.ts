import type { Clock } from '../clock.ts';
import { setCondition, type Condition, type WantedCondition } from '../kube/conditions.ts';
import { monitorPolicies, type KubeObject, type ResourceClient } from '../kube/client.ts';
import type { ReconcileResult } from '../kube/work-queue.ts';
import type { HostStatus } from '../model/host.ts';
import type { Policy, PolicyPlace } from '../model/policy.ts';
import type { MonitorPolicySpec, MonitorPolicyStatus } from '../model/resources.generated.ts';
import type { EmailSnapshot, PolicySnapshot } from '../model/snapshot.ts';
import type { AlertmanagerSnapshot } from './delivery-condition.ts';
import { policyFromObject } from './policy-from-object.ts';
import { namespaceLimit } from './policy-namespaces.ts';
import { evaluationTime, invalidConditions, policyConditions, policyCounts } from './policy-status.ts';

/** What the reconciler needs of the pipeline. */
export interface PolicyPipeline {
  apply(policy: Policy): void;
  remove(policyKey: string): void;
  policySnapshot(policyKey: string): PolicySnapshot | undefined;
  hosts(): readonly HostStatus[];
  email(): EmailSnapshot;
  /** Undefined when none is set. */
  alertmanager?(): AlertmanagerSnapshot;
}

export interface PolicyReconcilerDeps {
  readonly client: ResourceClient;
  /** The cached object; a moment behind is fine, the next change brings the key back. */
  readonly lookUp: (key: string) => KubeObject | undefined;
  readonly pipeline: PolicyPipeline;
  readonly clock: Clock;
  /** Absent: hosts. */
  readonly place?: PolicyPlace | undefined;
}

/** Status follows the pipeline this often; it is written only when it differs. */
const STATUS_EVERY_MS = 3000;

/** Level-based: puts the policy that is declared now in force, and writes how it stands into its status. */
export function createPolicyReconciler(deps: PolicyReconcilerDeps): (key: string) => Promise<ReconcileResult> {
  const inForce = new Map<string, string>();

  function takeOut(key: string): ReconcileResult {
    if (inForce.delete(key)) deps.pipeline.remove(key);
    return {};
  }

  return async (key) => {
    const object = deps.lookUp(key);
    if (object === undefined || object.metadata.deletionTimestamp !== undefined) return takeOut(key);
    const parsed = policyFromObject(object, deps.place);
    if (parsed.kind === 'invalid') {
      takeOut(key);
      await writeStatus(
        deps,
        object,
        { observedGeneration: object.metadata.generation },
        invalidConditions(`${parsed.field}: ${parsed.message}`),
      );
      return {};
    }
    const version = `${parsed.policy.uid}/${parsed.policy.generation}`;
    if (inForce.get(key) !== version) {
      deps.pipeline.apply(parsed.policy);
      inForce.set(key, version);
    }
    await writeFacts(deps, object, parsed.policy);
    return { requeueAfterMs: STATUS_EVERY_MS };
  };
}

async function writeFacts(deps: PolicyReconcilerDeps, object: KubeObject, policy: Policy): Promise<void> {
  const { pipeline, place = { kind: 'hosts' } } = deps;
  const snapshot = pipeline.policySnapshot(policy.key);
  if (snapshot === undefined) return;
  const facts = {
    snapshot,
    hosts: pipeline.hosts(),
    email: pipeline.email(),
    alertmanager: pipeline.alertmanager?.(),
    namespaces: policy.namespaces,
    namespaceLimit: namespaceLimit(object.spec as MonitorPolicySpec, place),
  };
  const written = (object.status as MonitorPolicyStatus | undefined)?.lastEvaluationTime;
  const lastEvaluationTime = evaluationTime(written, snapshot.lastEvaluationAt);
  await writeStatus(deps, object, { ...policyCounts(facts), lastEvaluationTime }, policyConditions(facts));
}

type Counts = Omit<MonitorPolicyStatus, 'conditions'>;

async function writeStatus(
  deps: PolicyReconcilerDeps,
  object: KubeObject,
  counts: Counts,
  wanted: readonly WantedCondition[],
): Promise<void> {
  const before = object.status as MonitorPolicyStatus | undefined;
  const standing: readonly Condition[] = before?.conditions ?? [];
  const observedGeneration = object.metadata.generation;
  const conditions = wanted.reduce<readonly Condition[]>(
    (merged, condition) => setCondition(merged, { ...condition, observedGeneration }, deps.clock.now()),
    standing.filter(({ type }) => wanted.some((condition) => condition.type === type)),
  );
  const status: MonitorPolicyStatus = { ...counts, conditions };
  if (isSame(before, status)) return;
  await deps.client.updateStatus(monitorPolicies, { ...object, status });
}

/** Equal as JSON, where an absent field and an undefined one are the same; key order does not count. */
function isSame(before: unknown, after: unknown): boolean {
  return canonical(before) === canonical(after);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
