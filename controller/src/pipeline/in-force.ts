import { isDeepStrictEqual } from 'node:util';
import type { AlertBook } from '../alert/book.ts';
import { HOST_RULE } from '../alert/host-rule.ts';
import type { AlertChange } from '../model/alert.ts';
import type { Policy } from '../model/policy.ts';
import type { Outbox } from '../notify/outbox.ts';
import type { Ledger } from './ledger.ts';
import { allRecipients, type DefaultRecipients } from './recipients.ts';
import type { Runs } from './runs.ts';

export interface ForceDeps {
  readonly book: AlertBook;
  readonly ledger: Ledger;
  readonly runs: Runs;
  readonly outbox: Outbox;
  readonly defaults: DefaultRecipients;
}

/**
 * Begins to run a policy, or its new version; only what happened after `newsSince` is news to it. Gives the ends of what the
 * earlier version said and this one cannot.
 */
export function putInForce(
  { book, ledger, runs, ...deps }: ForceDeps,
  policy: Policy,
  { now, newsSince }: { readonly now: number; readonly newsSince: number },
): readonly AlertChange[] {
  const earlier = runs.get(policy.key)?.policy;
  runs.apply(policy, newsSince);
  keepReaders({ ...deps, runs });
  if (earlier !== undefined && !isDeepStrictEqual(earlier.notify, policy.notify))
    ledger.write(book.tryAgain(policy.key));
  if (policy.suspend) return book.suspend(policy.key, now);
  const rules = new Set([...policy.rules.map(({ name }) => name), ...(policy.watchHosts ? [HOST_RULE] : [])]);
  return book.keepRules(policy.key, rules, now);
}

/** Who is named by no policy any more is nobody's trouble. */
export function keepReaders({ outbox, runs, defaults }: Pick<ForceDeps, 'outbox' | 'runs' | 'defaults'>): void {
  outbox.keepReaders(new Set(runs.list().flatMap(({ policy }) => allRecipients(policy.notify, defaults))));
}
