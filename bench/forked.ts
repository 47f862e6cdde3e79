import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Longest that a process of a measurement may take to answer, and to end. */
const TIMEOUT_MS = 60_000;

/** What a script of ours sends next, which is under our control. */
export async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  const [message] = await once(child, 'message', { signal: AbortSignal.timeout(TIMEOUT_MS) });
  return message as Answer;
}

/** Such a script ends when nobody is there to answer. */
export async function endForked(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit', { signal: AbortSignal.timeout(TIMEOUT_MS) });
  child.disconnect();
  await ended;
}
