import type { CheckProblem } from '../../../answers/policies.ts';
import { Mark } from '../../parts/mark.tsx';
import type { Checked } from './use-check.ts';
import type { CursorPlace } from './gutter.ts';

/** What is wrong with the text, each with the way to its place. */
export function ProblemList({ checked, goTo }: { checked: Checked; goTo: (place: CursorPlace) => void }) {
  return (
    <div class="problem-list" role="status" aria-label="Check">
      {checked.kind === 'checking' && <p class="empty">checking ...</p>}
      {checked.kind === 'failed' && <p class="failure">The check did not run: {checked.error}</p>}
      {checked.kind === 'checked' && <Outcome problems={checked.answer.problems} goTo={goTo} />}
    </div>
  );
}

function Outcome({ problems, goTo }: { problems: readonly CheckProblem[]; goTo: (place: CursorPlace) => void }) {
  if (problems.length === 0) {
    return (
      <p class="ok">
        <Mark kind="ok" /> valid: nothing to object to
      </p>
    );
  }
  return (
    <ul class="plain">
      {problems.map((problem) => (
        <li key={`${problem.line}:${problem.column}:${problem.message}`} class="problem">
          <Mark kind={problem.severity === 'error' ? 'critical' : 'warning'} />{' '}
          <button type="button" class="link" onClick={() => goTo(problem)}>
            line {problem.line}, column {problem.column}
          </button>{' '}
          <span class={problem.severity === 'error' ? 'critical' : 'warning'}>{problem.severity}</span>{' '}
          {problem.path !== undefined && <code>{problem.path}</code>} <span class="text">{problem.message}</span>
        </li>
      ))}
    </ul>
  );
}
