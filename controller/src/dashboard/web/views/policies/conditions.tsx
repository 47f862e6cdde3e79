import type { ConditionView } from '../../../reader.ts';
import { Mark } from '../../parts/mark.tsx';

/** Ready and NotificationsDelivered are good when true; the others are good when false. */
const goodWhenTrue = ['Ready', 'NotificationsDelivered'];

export function Conditions({ conditions }: { conditions: readonly ConditionView[] }) {
  if (conditions.length === 0) return null;
  return (
    <ul class="conditions" aria-label="Conditions">
      {conditions.map((condition) => {
        const kind = kindOf(condition);
        return (
          <li key={condition.type} title={condition.message}>
            <Mark kind={kind} />{' '}
            <span class={kind}>
              {condition.type}={condition.status}
            </span>{' '}
            <small>{condition.reason}</small>
          </li>
        );
      })}
    </ul>
  );
}

function kindOf({ type, status }: ConditionView): 'ok' | 'warning' | 'unknown' {
  if (status === 'Unknown') return 'unknown';
  return (status === 'True') === goodWhenTrue.includes(type) ? 'ok' : 'warning';
}
