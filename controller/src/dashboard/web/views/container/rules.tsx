import type { RuleStanding } from '../../../answers/container.ts';
import { Mark, type MarkKind } from '../../parts/mark.tsx';
import { Age } from '../../parts/time.tsx';
import { href } from '../../route.ts';
import { durationText, valuesText } from '../values.ts';

const words: Readonly<Record<RuleStanding['verdict'], string>> = {
  breach: 'BREACH',
  clear: 'clear',
  unknown: 'unknown',
  invalid: 'INVALID',
  notYet: 'not judged yet',
};

const worst: readonly RuleStanding['verdict'][] = ['invalid', 'breach', 'unknown', 'notYet', 'clear'];

/** How each rule stands about this container, worst first. */
export function Rules({ rules }: { rules: readonly RuleStanding[] }) {
  const sorted = rules.toSorted((a, b) => worst.indexOf(a.verdict) - worst.indexOf(b.verdict));
  return (
    <section aria-label="Rules" class="rules">
      <h2>Rules</h2>
      {rules.length === 0 ? (
        <p class="empty">no rule is about it</p>
      ) : (
        <ul class="cards">
          {sorted.map((rule) => (
            <Rule key={`${rule.policy}|${rule.rule}|${rule.severity}`} rule={rule} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Rule({ rule }: { rule: RuleStanding }) {
  const { verdict, severity, reason, values, alert, forMs, keepFiringForMs } = rule;
  const kind = kindOf(rule);
  const timing = [
    forMs > 0 ? `for ${durationText(forMs)}` : '',
    keepFiringForMs > 0 ? `keeps ${durationText(keepFiringForMs)}` : '',
  ];
  return (
    <li class={`card edge-${kind}`}>
      <div class="card-head">
        <Mark kind={kind} />
        <span class={`verdict ${kind}`}>{words[verdict]}</span>
        <span class="who">{rule.rule}</span>
        <span class="dim">{severity}</span>
        {alert !== null && alert.state !== 'resolved' && (
          <a
            class={`badge ${alert.state === 'firing' ? severity : 'unknown'}`}
            href={href('alerts', [], { alert: alert.key })}
          >
            {alert.state.toUpperCase()}
          </a>
        )}
      </div>
      <code class="expression">{rule.expr}</code>
      {Object.keys(values).length > 0 && <p class="values">{valuesText(values)}</p>}
      {reason !== null && <p class="text">{reason}</p>}
      <small>
        <a href={href('policies', [rule.policy])}>{rule.policy}</a>
        {timing.filter((part) => part !== '').map((part) => `, ${part}`)}
        {rule.judgedAt !== null && (
          <>
            , judged <Age from={rule.judgedAt} /> ago
          </>
        )}
      </small>
    </li>
  );
}

function kindOf({ verdict, severity }: RuleStanding): MarkKind {
  switch (verdict) {
    case 'breach':
      return severity;
    case 'clear':
      return 'ok';
    case 'invalid':
      return 'warning';
    default:
      return 'unknown';
  }
}
