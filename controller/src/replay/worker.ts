import { parentPort } from 'node:worker_threads';
import type { RecordedTarget } from './recorded-target.ts';
import { replayPolicy, type ReplayInput } from './replay-policy.ts';

/** What the thread is sent: targets one by one, then what to do with them. */
export type ToWorker =
  | { readonly kind: 'target'; readonly recorded: RecordedTarget }
  | { readonly kind: 'replay'; readonly input: Omit<ReplayInput, 'recorded'> };

const recorded: RecordedTarget[] = [];

parentPort?.on('message', (message: ToWorker) => {
  if (message.kind === 'target') recorded.push(message.recorded);
  else parentPort?.postMessage(replayPolicy({ ...message.input, recorded }), []);
});
