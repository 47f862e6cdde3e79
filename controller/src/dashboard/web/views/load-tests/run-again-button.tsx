import type { LoadStartedAnswer } from '../../../answers/load-tests.ts';
import { post } from '../../api.ts';
import { tell } from '../../notice.ts';
import { ActionButton } from '../../parts/action-button.tsx';

/** Starts a test that has ended or was stopped, as it is declared. */
export function RunAgainButton({ yaml, onStart }: { yaml: string; onStart: () => void }) {
  async function run(): Promise<void> {
    const answer = await post<LoadStartedAnswer>('api/load-tests', { yaml });
    const details = answer.ok ? [] : answer.details.map(({ message }) => message);
    tell(
      answer.ok
        ? { kind: 'done', text: `${answer.value.key} runs again` }
        : { kind: 'failed', text: [answer.error, ...details.filter((text) => text !== answer.error)].join('; ') },
    );
    onStart();
  }
  return <ActionButton act={run}>run again</ActionButton>;
}
