import type { Loaded } from './use-answer.ts';

/** What stands where an answer will be: that it is on its way, or why it is not there. Nothing once it is. */
export function AnswerState({ loaded, what }: { loaded: Loaded<unknown>; what: string }) {
  if (loaded.error !== undefined) {
    return (
      <p class="failure" role="alert">
        <strong>{loaded.value === undefined ? `${what} cannot be shown` : `${what} may be out of date`}:</strong>{' '}
        {loaded.error}{' '}
        <button type="button" class="button" onClick={loaded.reload}>
          try again
        </button>
      </p>
    );
  }
  return loaded.value === undefined ? (
    <p class="empty" role="status">
      loading {what} ...
    </p>
  ) : null;
}
