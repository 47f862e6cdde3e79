import { useState } from 'preact/hooks';
import type { DoneAnswer, PolicyAnswer, PolicyRule } from '../../../answers/policies.ts';
import { del } from '../../api.ts';
import { tell } from '../../notice.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Mark, type MarkKind } from '../../parts/mark.tsx';
import { href } from '../../route.ts';
import { router } from '../../router.ts';
import { AnswerState } from '../answer-state.tsx';
import { useAnswer } from '../use-answer.ts';
import { durationText } from '../values.ts';
import { Conditions } from './conditions.tsx';
import { originText, whyNotEditable } from './origin.ts';

const EVERY_MS = 5000;

/** One policy: how it stands, whom it watches, its rules and its text. */
export function PolicyPage({ policyKey }: { policyKey: string }) {
  const loaded = useAnswer<PolicyAnswer>('api/policy', { key: policyKey }, EVERY_MS);
  const answer = loaded.value;
  return (
    <div class="view">
      <div class="view-head">
        <h1>
          <a href={href('policies')}>Policies</a> / <span class="who">{policyKey}</span>
        </h1>
        {answer !== undefined && <Actions answer={answer} />}
      </div>
      <AnswerState loaded={loaded} what="the policy" />
      {answer !== undefined && (
        <>
          <Conditions conditions={answer.policy.conditions} />
          {answer.policy.conditions
            .filter(({ type, status }) => type === 'Ready' && status === 'False')
            .map(({ message }) => (
              <p key={message} class="failure">
                {message}
              </p>
            ))}
          <Rules rules={answer.rules} />
          <Targets answer={answer} />
          <section aria-label="YAML">
            <h2>YAML</h2>
            <pre tabIndex={0} class="yaml">
              {answer.yaml}
            </pre>
          </section>
        </>
      )}
    </div>
  );
}

function Actions({ answer: { policy } }: { answer: PolicyAnswer }) {
  const [isDeleting, setDeleting] = useState(false);
  const refusal = whyNotEditable(policy.origin);
  return (
    <>
      <p class="dim">{refusal ?? originText(policy.origin)}</p>
      <p class="buttons">
        {refusal === undefined && (
          <a class="button primary" href={href('policies', [policy.key, 'edit'])}>
            edit
          </a>
        )}
        <a class="button" href={href('policies', ['new'], { template: policy.key })}>
          copy as new
        </a>
        {refusal === undefined && (
          <button type="button" class="button danger" onClick={() => setDeleting(true)}>
            delete ...
          </button>
        )}
      </p>
      {isDeleting && <DeleteDialog policyKey={policy.key} close={() => setDeleting(false)} />}
    </>
  );
}

function DeleteDialog({ policyKey, close }: { policyKey: string; close: () => void }) {
  async function remove(): Promise<void> {
    const answer = await del<DoneAnswer>('api/policies', { query: { key: policyKey } });
    if (!answer.ok) {
      tell({ kind: 'failed', text: `${policyKey} is still there: ${answer.error}` });
      return;
    }
    tell({ kind: 'done', text: `${policyKey} is deleted` });
    close();
    router.go(href('policies'));
  }
  return (
    <Dialog title="Delete the policy" close={close}>
      <p>
        <strong class="who">{policyKey}</strong> will no longer watch anything. Its alerts end, and nobody is told of
        that.
      </p>
      <p class="buttons">
        <ActionButton kind="danger" act={remove}>
          delete it
        </ActionButton>
      </p>
    </Dialog>
  );
}

function Rules({ rules }: { rules: readonly PolicyRule[] }) {
  return (
    <section aria-label="Rules">
      <h2>Rules</h2>
      <ul class="cards">
        {rules.map((rule) => {
          const kind: MarkKind = rule.fault !== null ? 'warning' : rule.breaching > 0 ? rule.severity : 'ok';
          return (
            <li key={`${rule.name}|${rule.severity}`} class={`card edge-${kind}`}>
              <div class="card-head">
                <Mark kind={kind} />
                <span class="who">{rule.name}</span>
                <span class={rule.severity}>{rule.severity}</span>
                <small>
                  {rule.fault === null
                    ? `${rule.breaching} in breach, ${rule.clear} clear, ${rule.unknown} unknown`
                    : 'INVALID: it judges nothing'}
                </small>
              </div>
              <code class="expression">{rule.expr}</code>
              {rule.fault !== null && <pre class="fault">{rule.fault}</pre>}
              {(rule.forMs > 0 || rule.keepFiringForMs > 0) && (
                <small>
                  {rule.forMs > 0 && `for ${durationText(rule.forMs)} `}
                  {rule.keepFiringForMs > 0 && `keeps firing for ${durationText(rule.keepFiringForMs)}`}
                </small>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Targets({ answer: { policy, targets, targetsLeftOut: leftOut } }: { answer: PolicyAnswer }) {
  // Whom it matches is not known before it has looked.
  const hasLooked = !policy.conditions.some(({ type, status }) => type === 'Ready' && status === 'Unknown');
  return (
    <section aria-label="Targets">
      <h2>Targets</h2>
      {targets.length === 0 && (
        <p class="empty">
          {hasLooked ? 'it matches no container: look at its selector and containerNames' : 'it has not looked yet ...'}
        </p>
      )}
      <ul class="plain">
        {targets.map(({ id, name, host, state, severity, why }) => (
          <li key={id}>
            <Mark kind={severity} />{' '}
            <a class="who" href={href('container', [id])}>
              {name}
            </a>{' '}
            <span class="dim">
              {state}, {severity} on {host}
            </span>{' '}
            <small>because {why.join('; ')}</small>
          </li>
        ))}
        {leftOut > 0 && <li class="empty">and {leftOut} more</li>}
      </ul>
    </section>
  );
}
