import type { DoneAnswer } from '../../../answers/policies.ts';
import { post } from '../../api.ts';
import { tell } from '../../notice.ts';
import { ActionButton } from '../../parts/action-button.tsx';

export function StopButton({ loadTestKey, onStop }: { loadTestKey: string; onStop: () => void }) {
  async function stop(): Promise<void> {
    const answer = await post<DoneAnswer>('api/load-tests/stop', { key: loadTestKey });
    tell(
      answer.ok
        ? { kind: 'done', text: `${loadTestKey} is being stopped` }
        : { kind: 'failed', text: `${loadTestKey} still runs: ${answer.error}` },
    );
    onStop();
  }
  return (
    <ActionButton kind="danger" act={stop} label={`stop ${loadTestKey}`}>
      stop
    </ActionButton>
  );
}
