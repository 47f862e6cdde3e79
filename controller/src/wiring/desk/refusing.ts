import { done, refused, type Outcome, type RefusalReason } from '../../dashboard/actions.ts';
import type { ErrorDetail } from '../../dashboard/answers/policies.ts';
import { FoghornError, type FoghornErrorCode } from '../../errors.ts';
import { StatusError } from '../../kube/status.ts';
import type { Manifest } from '../../reconcile/manifests.ts';

const reasons: Readonly<Partial<Record<FoghornErrorCode, RefusalReason>>> = {
  NotFound: 'notFound',
  AlreadyExists: 'conflict',
  Conflict: 'conflict',
  Gone: 'conflict',
  Forbidden: 'invalid',
  Invalid: 'invalid',
  BadRequest: 'invalid',
  TooLarge: 'tooLarge',
  Unavailable: 'unavailable',
  NotLeading: 'unavailable',
};

/** Carries out what may be refused; what the store refuses is an outcome, anything else is a fault. */
export async function refusing<T>(act: () => Promise<T>, manifest?: Manifest): Promise<Outcome<T>> {
  try {
    return done(await act());
  } catch (thrown) {
    const reason = thrown instanceof FoghornError ? reasons[thrown.code] : undefined;
    if (reason === undefined || !(thrown instanceof FoghornError)) throw thrown;
    return refused(reason, thrown.message, detailsOf(thrown, manifest));
  }
}

function detailsOf(error: FoghornError, manifest: Manifest | undefined): readonly ErrorDetail[] | undefined {
  const causes = error instanceof StatusError ? error.status.details?.causes : undefined;
  return causes?.map(({ field, reason, message }) => ({
    path: field,
    reason: reason.replace(/^FieldValue/, ''),
    message,
    ...(manifest !== undefined && field !== undefined && { line: manifest.lineOf(field) }),
  }));
}
