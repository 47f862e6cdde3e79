import { useState } from 'preact/hooks';
import { get } from '../../api.ts';
import type { PolicyAnswer } from '../../../answers/policies.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { href } from '../../route.ts';
import { Conflict } from './conflict.tsx';
import type { CursorPlace } from './gutter.ts';
import { Preview } from './preview.tsx';
import { ProblemList } from './problem-list.tsx';
import { savePolicy, type PresentPolicy } from './save-policy.ts';
import { useCheck } from './use-check.ts';
import { useSchema } from './use-schema.ts';
import { useUnsaved } from './use-unsaved.ts';
import { YamlEditor } from './yaml-editor.tsx';

/** Text, check, preview and saving of a policy; `present` is absent for a new one. */
export function EditorForm({ initial, present }: { initial: string; present?: PresentPolicy }) {
  const [yaml, setYaml] = useState(initial);
  const [base, setBase] = useState(present);
  const [theirs, setTheirs] = useState<PolicyAnswer>();
  const [refused, setRefused] = useState<string>();
  const [goTo, setGoTo] = useState<CursorPlace>();
  const checked = useCheck(yaml);
  const schema = useSchema();
  const leave = useUnsaved(yaml !== initial);
  const problems = checked.kind === 'checked' ? checked.answer.problems : [];
  const hasErrors = problems.some(({ severity }) => severity === 'error');
  const refusal = hasErrors ? 'mend the errors first' : undefined;

  async function save(over: PresentPolicy | undefined = base): Promise<void> {
    const outcome = await savePolicy(yaml, over);
    if (outcome.kind === 'saved') {
      leave(href('policies', [outcome.key]));
      return;
    }
    setRefused(outcome.kind === 'refused' ? outcome.error : undefined);
    if (outcome.kind !== 'conflict' || over === undefined) return;
    const answer = await get<PolicyAnswer>('api/policy', { query: { key: over.key } });
    if (answer.ok) setTheirs(answer.value);
    else setRefused(`somebody else changed it meanwhile, and it cannot be read: ${answer.error}`);
  }

  return (
    <div class="editor-form">
      <YamlEditor
        label="YAML of the policy"
        value={yaml}
        onChange={setYaml}
        problems={problems}
        schema={schema}
        goTo={goTo}
        onSave={() => {
          if (!hasErrors) void save();
        }}
      />
      <p class="editor-keys">
        <kbd>Ctrl</kbd>+<kbd>Space</kbd> what may stand here · <kbd>Ctrl</kbd>+<kbd>S</kbd> save · <kbd>Tab</kbd> leaves
        the field
      </p>
      <ProblemList checked={checked} goTo={(place) => setGoTo({ ...place })} />
      {refused !== undefined && (
        <p class="failure" role="alert">
          Not saved: {refused}
        </p>
      )}
      {theirs !== undefined && (
        <Conflict
          theirs={theirs.yaml}
          mine={yaml}
          takeTheirs={() => {
            setYaml(theirs.yaml);
            setBase({ key: theirs.policy.key, resourceVersion: theirs.resourceVersion });
            setTheirs(undefined);
          }}
          keepMine={async () => {
            setTheirs(undefined);
            const over = { key: theirs.policy.key, resourceVersion: theirs.resourceVersion };
            setBase(over);
            await save(over);
          }}
        />
      )}
      <p class="buttons">
        <ActionButton kind="primary" act={() => save()} refusal={refusal}>
          {present === undefined ? 'create' : 'save'}
        </ActionButton>
        <a class="button" href={present === undefined ? href('policies') : href('policies', [present.key])}>
          cancel
        </a>
      </p>
      <Preview yaml={yaml} refusal={refusal} />
    </div>
  );
}
