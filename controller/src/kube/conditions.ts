/** metav1.Condition. */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly observedGeneration?: number | undefined;
  /** When `status` last changed, RFC 3339. */
  readonly lastTransitionTime: string;
  /** One CamelCase word. */
  readonly reason: string;
  readonly message: string;
}

/** A condition before it is merged into those that stand. */
export type WantedCondition = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

/** The list with this condition in it; `lastTransitionTime` moves only when `status` flips. */
export function setCondition(
  conditions: readonly Condition[],
  condition: Omit<Condition, 'lastTransitionTime'>,
  nowMs: number,
): readonly Condition[] {
  const before = conditions.find((other) => other.type === condition.type);
  const since = before?.status === condition.status ? before.lastTransitionTime : rfc3339(nowMs);
  const after: Condition = { ...condition, lastTransitionTime: since };
  if (before === undefined) return [...conditions, after];
  return conditions.map((other) => (other === before ? after : other));
}

/** For conditions that stand only while they are true, such as Stalled and Reconciling. */
export function removeCondition(conditions: readonly Condition[], type: string): readonly Condition[] {
  return conditions.filter((condition) => condition.type !== type);
}

/** metav1.Time has whole seconds. */
function rfc3339(nowMs: number): string {
  return `${new Date(nowMs).toISOString().slice(0, 19)}Z`;
}
