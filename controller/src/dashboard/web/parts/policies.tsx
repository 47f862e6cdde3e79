import type { PolicyView } from '../../view.ts';
import { age, isoTime } from '../format.ts';

export function Policies({ policies, now }: { policies: readonly PolicyView[]; now: number }) {
  return (
    <section aria-label="Policies" class="policies">
      <h2>Policies</h2>
      {policies.length === 0 && <p class="empty">no policy in force: put one into the policies folder</p>}
      <ul>
        {policies.map((policy) => (
          <Policy key={policy.key} policy={policy} now={now} />
        ))}
      </ul>
    </section>
  );
}

function Policy({ policy, now }: { policy: PolicyView; now: number }) {
  const { targets, rules, alerts } = policy;
  return (
    <li>
      <span class="who">{policy.key}</span>{' '}
      <span class="text">
        {targets.matched} {targets.matched === 1 ? 'target' : 'targets'} ({targets.up} up, {targets.down} down,{' '}
        {targets.unreachable} unreachable), {rules.valid} rules, {alerts.firing} firing, {alerts.unknown} unknown
      </span>{' '}
      <time title={isoTime(policy.lastEvaluationAt ?? null)}>
        {policy.lastEvaluationAt === undefined
          ? 'not evaluated yet'
          : `evaluated ${age(policy.lastEvaluationAt, now)} ago`}
      </time>
      <ul class="conditions">
        {policy.conditions.map((condition) => (
          <li key={condition.type} class={conditionClass(condition)} title={condition.message}>
            {condition.type}={condition.status} <small>{condition.reason}</small>
          </li>
        ))}
      </ul>
    </li>
  );
}

/** Ready and NotificationsDelivered are good when true; the others are good when false. */
function conditionClass({ type, status }: PolicyView['conditions'][number]): string {
  if (status === 'Unknown') return 'unknown';
  const isGoodWhenTrue = type === 'Ready' || type === 'NotificationsDelivered';
  return (status === 'True') === isGoodWhenTrue ? 'ok' : 'warning';
}
