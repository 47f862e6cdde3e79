import type { Clock } from '../clock.ts';
import { errorMessage } from '../errors.ts';
import type { Log } from '../log.ts';
import type { SentCount } from '../model/budget.ts';
import type { Budget } from '../notify/budget-keeper.ts';
import type { SesQuota } from '../notify/ses-quota.ts';

/** Keeps the budget of mails true: what SES allows, and what was sent before a restart. */
export interface MailBudgetUpkeep {
  /** Begins to ask SES and to write; waits for neither. */
  start(): void;
  /** Writes what is not yet written. */
  stop(): Promise<void>;
}

export interface MailBudgetDeps {
  readonly budget: Budget;
  readonly quota: SesQuota;
  readonly save: (counts: readonly SentCount[]) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** A crash forgets so much of what was sent. */
const SAVE_EVERY_MS = 60_000;
/** Limits change rarely, and SES counts other questions too. */
const ASK_EVERY_MS = 3_600_000;

export function createMailBudgetUpkeep({ budget, quota, save, clock, log }: MailBudgetDeps): MailBudgetUpkeep {
  const stopping = new AbortController();
  let saved = budget.counts();
  let running: Promise<unknown> | undefined;

  async function saveChanges(): Promise<void> {
    const counts = budget.counts();
    if (counts === saved) return;
    try {
      await save(counts);
      saved = counts;
    } catch (error) {
      log.warn({ error: errorMessage(error) }, 'what was sent of the budget of mails could not be written');
    }
  }

  async function ask(): Promise<void> {
    const answer = await quota.ask();
    if (answer.kind === 'known') budget.takeQuota(answer.quota);
    const limits = budget.limits();
    const reason = answer.kind === 'unknown' ? answer.reason : undefined;
    log.info(
      { ...limits, reason },
      answer.kind === 'known' ? 'budget of mails by SES' : 'budget of mails by the settings',
    );
  }

  async function every(ms: number, act: () => Promise<void>): Promise<void> {
    try {
      for (;;) {
        await clock.sleep(ms, stopping.signal);
        await act();
      }
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
    }
  }

  return {
    start() {
      running ??= Promise.all([ask(), every(ASK_EVERY_MS, ask), every(SAVE_EVERY_MS, saveChanges)]);
    },
    async stop() {
      stopping.abort();
      await running;
      await saveChanges();
      quota.close();
    },
  };
}
