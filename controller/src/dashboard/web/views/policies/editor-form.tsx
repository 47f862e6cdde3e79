import { useState } from 'preact/hooks';
import { ActionButton } from '../../parts/action-button.tsx';
import { href } from '../../route.ts';
import { Conflict } from './conflict.tsx';
import type { CursorPlace } from './gutter.ts';
import { Preview } from './preview.tsx';
import { ProblemList } from './problem-list.tsx';
import type { PresentPolicy } from './save-policy.ts';
import { useCheck } from './use-check.ts';
import { useCompletion } from './use-completion.ts';
import { useSaving } from './use-saving.ts';
import { useUnsaved } from './use-unsaved.ts';
import { YamlEditor } from './yaml-editor.tsx';

/** Text, check, preview and saving of a policy; `present` is absent for a new one. */
export function EditorForm({ initial, present }: { initial: string; present?: PresentPolicy }) {
  const [yaml, setYaml] = useState(initial);
  const [goTo, setGoTo] = useState<CursorPlace>();
  const checked = useCheck(yaml);
  const complete = useCompletion();
  const saving = useSaving(yaml, present, useUnsaved(yaml !== initial));
  const problems = checked.kind === 'checked' ? checked.answer.problems : [];
  const hasErrors = problems.some(({ severity }) => severity === 'error');
  const refusal = hasErrors ? 'mend the errors first' : undefined;
  return (
    <div class="editor-form">
      <YamlEditor
        label="YAML of the policy"
        value={yaml}
        onChange={setYaml}
        problems={problems}
        complete={complete}
        goTo={goTo}
        onSave={() => {
          if (!hasErrors) void saving.save();
        }}
      />
      <p class="editor-keys">
        <kbd>Ctrl</kbd>+<kbd>Space</kbd> what may stand here · <kbd>Ctrl</kbd>+<kbd>S</kbd> save · <kbd>Tab</kbd> leaves
        the field
      </p>
      {/(^|\s)#/m.test(yaml) && (
        <p class="editor-keys">
          Comments are not kept: what is saved is an object, as with kubectl. Keep them in a file of the policies
          folder.
        </p>
      )}
      <ProblemList checked={checked} goTo={(place) => setGoTo({ ...place })} />
      {saving.refused !== undefined && (
        <p class="failure" role="alert">
          Not saved: {saving.refused}
        </p>
      )}
      {saving.theirs !== undefined && (
        <Conflict
          theirs={saving.theirs.yaml}
          mine={yaml}
          takeTheirs={() => setYaml(saving.takeTheirs() ?? yaml)}
          keepMine={saving.keepMine}
        />
      )}
      <p class="buttons">
        <ActionButton kind="primary" act={saving.save} refusal={refusal}>
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
