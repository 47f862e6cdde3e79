import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import type { RecordedTarget } from './recorded-target.ts';
import type { Replay, ReplayInput } from './replay-policy.ts';
import type { ToWorker } from './worker.ts';

/** A replay takes seconds of computing: here it is done in a thread of its own, so that nothing else waits for it. */
const TIMEOUT_MS = 20_000;
/** Of the thread's heap; a replay past it ends, and not the controller. */
const MAX_HEAP_MB = 256;

export interface WorkerReplayDeps {
  /** Targets as they are read, each a few milliseconds' work. */
  readonly targets: () => AsyncIterable<RecordedTarget>;
  readonly input: Omit<ReplayInput, 'recorded'>;
  readonly clock: Clock;
}

export type WorkerReplay =
  | { readonly kind: 'done'; readonly replay: Replay }
  | { readonly kind: 'failed'; readonly message: string };

/** Never rejects for what a policy makes of it; ends within 20 seconds and the reading of one target. */
export async function replayInWorker({ targets, input, clock }: WorkerReplayDeps): Promise<WorkerReplay> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    env: {},
  });
  const over = new AbortController();
  const late = clock.sleep(TIMEOUT_MS, over.signal).then(
    (): WorkerReplay => ({ kind: 'failed', message: `it takes longer than ${TIMEOUT_MS / 1000} s: try fewer hours` }),
    (): WorkerReplay => ({ kind: 'failed', message: 'ended' }),
  );
  try {
    const answer = answerOf(worker);
    const result = Promise.race([answer, late]);
    await feed(worker, { targets, input, isOver: () => over.signal.aborted });
    return await result;
  } finally {
    over.abort();
    await worker.terminate();
  }
}

function answerOf(worker: Worker): Promise<WorkerReplay> {
  return new Promise((resolve) => {
    worker.once('message', (replay: Replay) => resolve({ kind: 'done', replay }));
    worker.once('error', (error: Error) => resolve({ kind: 'failed', message: error.message }));
    worker.once('exit', () => resolve({ kind: 'failed', message: 'the replay ended early' }));
  });
}

async function feed(
  worker: Worker,
  { targets, input, isOver }: Pick<WorkerReplayDeps, 'targets' | 'input'> & { readonly isOver: () => boolean },
): Promise<void> {
  const send = (message: ToWorker): void => worker.postMessage(message, []);
  for await (const recorded of targets()) {
    if (isOver()) return;
    send({ kind: 'target', recorded });
  }
  send({ kind: 'replay', input });
}
