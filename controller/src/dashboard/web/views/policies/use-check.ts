import { useEffect, useState } from 'preact/hooks';
import type { PolicyCheckAnswer } from '../../../answers/policies.ts';
import { post } from '../../api.ts';

export type Checked =
  | { readonly kind: 'checking' }
  | { readonly kind: 'checked'; readonly answer: PolicyCheckAnswer }
  | { readonly kind: 'failed'; readonly error: string };

/** While somebody types nothing is asked. */
const QUIET_MS = 350;

/** What the controller says of the text, by the same rules as when it is applied. */
export function useCheck(yaml: string): Checked {
  const [checked, setChecked] = useState<Checked>({ kind: 'checking' });
  useEffect(() => {
    const abort = new AbortController();
    const ask = async (): Promise<void> => {
      const answer = await post<PolicyCheckAnswer>('api/policies/check', { yaml }, { signal: abort.signal });
      if (abort.signal.aborted) return;
      setChecked(answer.ok ? { kind: 'checked', answer: answer.value } : { kind: 'failed', error: answer.error });
    };
    const timer = setTimeout(() => void ask(), QUIET_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [yaml]);
  return checked;
}
