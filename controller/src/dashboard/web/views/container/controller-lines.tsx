import { useAnswer } from '../use-answer.ts';
import { AnswerState } from '../answer-state.tsx';
import { linesOf } from './lines-of.ts';

const ASKED_LINES = 500;
const SHOWN_LINES = 20;
const EVERY_MS = 10_000;

/** The last lines that the controller wrote about this container. */
export function ControllerLines({ name, host }: { name: string; host: string }) {
  return (
    <section aria-label="Log of the controller" class="controller-lines">
      <h2>metrics.log</h2>
      <Lines file="metrics" name={name} host={host} />
      <h2>status.log</h2>
      <Lines file="status" name={name} host={host} />
    </section>
  );
}

function Lines({ file, name, host }: { file: 'metrics' | 'status'; name: string; host: string }) {
  const loaded = useAnswer<{ readonly lines: readonly string[] }>('api/logs', { file, limit: ASKED_LINES }, EVERY_MS);
  const lines = linesOf(loaded.value?.lines ?? [], { file, name, host }).slice(-SHOWN_LINES);
  return (
    <>
      <AnswerState loaded={loaded} what={`${file}.log`} />
      {loaded.value !== undefined && lines.length === 0 && (
        <p class="empty">no line about it among the last {ASKED_LINES} of the file</p>
      )}
      {lines.length > 0 && <pre tabIndex={0}>{lines.join('\n')}</pre>}
    </>
  );
}
