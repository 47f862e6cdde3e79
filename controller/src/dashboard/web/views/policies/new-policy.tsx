import type { PolicyAnswer } from '../../../answers/policies.ts';
import { href } from '../../route.ts';
import { router } from '../../router.ts';
import { AnswerState } from '../answer-state.tsx';
import { useAnswer } from '../use-answer.ts';
import { EditorForm } from './editor-form.tsx';
import { templates } from './templates.ts';

/** A new policy, from a template or as a copy of another one. */
export function NewPolicy({ template }: { template: string | undefined }) {
  const known = templates.find(({ name }) => name === template) ?? templates[0];
  const isCopy = template?.includes('/') === true;
  return (
    <div class="view">
      <h1>
        <a href={href('policies')}>Policies</a> / new
      </h1>
      {isCopy ? (
        <Copy policyKey={template} />
      ) : (
        <>
          <p>
            <label>
              begin with{' '}
              <select
                value={known?.name}
                onChange={(event) => router.setQuery({ template: event.currentTarget.value })}
              >
                {templates.map(({ name, title }) => (
                  <option key={name} value={name}>
                    {title}
                  </option>
                ))}
              </select>
            </label>
          </p>
          {known !== undefined && <EditorForm key={known.name} initial={known.yaml} />}
        </>
      )}
    </div>
  );
}

function Copy({ policyKey }: { policyKey: string }) {
  const loaded = useAnswer<PolicyAnswer>('api/policy', { key: policyKey });
  return (
    <>
      <AnswerState loaded={loaded} what="the policy" />
      {loaded.value !== undefined && <EditorForm initial={renamed(loaded.value.yaml)} />}
    </>
  );
}

/** A copy needs a name of its own. */
function renamed(yaml: string): string {
  return yaml.replace(/^(metadata:(?:\n[ \t]+.*)*?\n[ \t]+name: *)(\S+)/m, '$1$2-copy');
}
