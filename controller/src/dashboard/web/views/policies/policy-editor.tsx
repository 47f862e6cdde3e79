import { useEffect, useState } from 'preact/hooks';
import type { PolicyAnswer } from '../../../answers/policies.ts';
import { href } from '../../route.ts';
import { AnswerState } from '../answer-state.tsx';
import { useAnswer } from '../use-answer.ts';
import { EditorForm } from './editor-form.tsx';
import { whyNotEditable } from './origin.ts';

/** Changes a policy that is there. What was loaded first stays, so that nobody's typing is replaced. */
export function PolicyEditor({ policyKey }: { policyKey: string }) {
  const loaded = useAnswer<PolicyAnswer>('api/policy', { key: policyKey });
  const [first, setFirst] = useState<PolicyAnswer>();
  useEffect(() => setFirst((before) => before ?? loaded.value), [loaded.value]);
  const refusal = first === undefined ? undefined : whyNotEditable(first.policy.origin);
  return (
    <div class="view">
      <h1>
        <a href={href('policies')}>Policies</a> / <a href={href('policies', [policyKey])}>{policyKey}</a> / edit
      </h1>
      <AnswerState loaded={loaded} what="the policy" />
      {refusal !== undefined && <p class="failure">{refusal}</p>}
      {first !== undefined && refusal === undefined && (
        <EditorForm initial={first.yaml} present={{ key: policyKey, resourceVersion: first.resourceVersion }} />
      )}
    </div>
  );
}
