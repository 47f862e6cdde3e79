import type { PoliciesAnswer, PolicySummary } from '../../../answers/policies.ts';
import { Age } from '../../parts/time.tsx';
import { href } from '../../route.ts';
import { AnswerState } from '../answer-state.tsx';
import { useAnswer } from '../use-answer.ts';
import { Conditions } from './conditions.tsx';
import { originText } from './origin.ts';

const EVERY_MS = 5000;

export function PolicyList() {
  const loaded = useAnswer<PoliciesAnswer>('api/policies', {}, EVERY_MS);
  return (
    <div class="view">
      <div class="view-head">
        <h1>Policies</h1>
        <p class="buttons">
          <a class="button primary" href={href('policies', ['new'])}>
            new policy
          </a>
        </p>
      </div>
      <AnswerState loaded={loaded} what="the policies" />
      {loaded.value?.policies.length === 0 && (
        <p class="empty">
          No policy is in force, so nothing is judged. Begin with a <a href={href('policies', ['new'])}>new one</a>, or
          put a file into the policies folder.
        </p>
      )}
      <ul class="cards">
        {loaded.value?.policies.map((policy) => (
          <Policy key={policy.key} policy={policy} />
        ))}
      </ul>
    </div>
  );
}

function Policy({ policy }: { policy: PolicySummary }) {
  const { key, targets, rules, alerts, origin } = policy;
  const worst = alerts.firing > 0 ? (alerts.highestSeverity ?? 'critical') : 'ok';
  const edge = worst === 'ok' && rules.invalid.length > 0 ? 'warning' : worst;
  return (
    <li class={`card edge-${edge}`} data-policy={key}>
      <div class="card-head">
        <a class="who" href={href('policies', [key])}>
          {key}
        </a>
        <small>{originText(origin)}</small>
        <small>
          {policy.lastEvaluationAt === undefined ? (
            'not evaluated yet'
          ) : (
            <>
              evaluated <Age from={policy.lastEvaluationAt} /> ago
            </>
          )}
        </small>
      </div>
      <dl class="counts">
        <div>
          <dt>targets</dt>
          <dd>
            {targets.matched}{' '}
            <small>
              ({targets.up} up{targets.down > 0 && `, ${targets.down} down`})
            </small>
          </dd>
        </div>
        <div>
          <dt>rules</dt>
          <dd>
            {rules.valid} valid
            {rules.invalid.length > 0 && <span class="critical">, {rules.invalid.length} invalid</span>}
          </dd>
        </div>
        <div>
          <dt>firing</dt>
          <dd class={worst}>{alerts.firing === 0 ? 'none' : `${alerts.firing}, ${worst} at worst`}</dd>
        </div>
        <div>
          <dt>unknown</dt>
          <dd>{alerts.unknown}</dd>
        </div>
      </dl>
      <Conditions conditions={policy.conditions} />
    </li>
  );
}
