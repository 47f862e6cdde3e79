import { setTimeout as sleep } from 'node:timers/promises';

const POLL_EVERY_MS = 250;
const ANSWER_TIMEOUT_MS = 3_000;

/**
 * Asks an address until it answers with a success.
 * @param isAlive ends the wait early when it says false
 * @returns undefined when it does, else the last reason why not
 */
export async function waitForAnswer(
  url: string,
  timeoutMs: number,
  isAlive: () => Promise<boolean>,
): Promise<string | undefined> {
  const deadline = performance.now() + timeoutMs;
  let reason = 'not asked';
  while (performance.now() < deadline) {
    reason = await askOnce(url);
    if (reason === '') return undefined;
    if (!(await isAlive())) return 'the process ended';
    await sleep(POLL_EVERY_MS);
  }
  return `${reason} after ${timeoutMs / 1000} s`;
}

async function askOnce(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    await response.body?.cancel();
    return response.ok ? '' : `${url} answers ${response.status}`;
  } catch (error) {
    return `${url} does not answer (${error instanceof Error ? error.message : String(error)})`;
  }
}
