import { FoghornError } from '../../../errors.ts';
import type { Log } from '../../../log.ts';
import type { RecordedSeries } from '../recorded.ts';
import { defaultTiers } from '../tiers.ts';
import { explainServerFault, serverOf } from './faults.ts';
import { openStore } from './store.ts';

export interface RecordedRequest {
  readonly url: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Of more targets, those with the first ids. */
  readonly maxTargets: number;
  readonly log: Log;
}

/**
 * Reads the targets of a database without changing anything, also while a controller writes there. Throws NotFound when
 * no controller has, Unavailable when it cannot be read.
 */
export async function readRecorded(request: RecordedRequest): Promise<readonly RecordedSeries[]> {
  try {
    return await readAll(request);
  } catch (error) {
    if (error instanceof FoghornError && error.code !== 'Invalid') throw error;
    const { message } = explainServerFault(serverOf(request.url), error);
    throw new FoghornError('Unavailable', message, { cause: error });
  }
}

async function readAll({ url, fromMs, toMs, maxTargets, log }: RecordedRequest): Promise<readonly RecordedSeries[]> {
  const store = await openStore({ url, readOnly: true, tiers: defaultTiers, log });
  if (store === undefined)
    throw new FoghornError('NotFound', `no history in ${serverOf(url)}: no controller wrote there`);
  try {
    const recorded: RecordedSeries[] = [];
    for (const targetId of await store.targetIds(maxTargets))
      recorded.push(await store.recorded(targetId, fromMs, toMs));
    return recorded;
  } finally {
    await store.close();
  }
}
