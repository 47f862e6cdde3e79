import { useAnswer } from '../use-answer.ts';
import { AnswerState } from '../answer-state.tsx';

const SHOWN_LINES = 20;
const EVERY_MS = 10_000;

/** The last lines that the controller wrote about this container. */
export function ControllerLines({ target }: { target: string }) {
  return (
    <section aria-label="Log of the controller" class="controller-lines">
      <h2>metrics.log</h2>
      <Lines file="metrics" target={target} />
      <h2>status.log</h2>
      <Lines file="status" target={target} />
    </section>
  );
}

function Lines({ file, target }: { file: 'metrics' | 'status'; target: string }) {
  const asked = { file, target, limit: SHOWN_LINES };
  const loaded = useAnswer<{ readonly lines: readonly string[] }>('api/logs', asked, EVERY_MS);
  const lines = loaded.value?.lines ?? [];
  return (
    <>
      <AnswerState loaded={loaded} what={`${file}.log`} />
      {loaded.value !== undefined && lines.length === 0 && <p class="empty">no line about it yet</p>}
      {lines.length > 0 && <pre tabIndex={0}>{lines.join('\n')}</pre>}
    </>
  );
}
