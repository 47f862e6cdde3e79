import type { SessionAnswer } from '../answers/session.ts';
import { createCell, useCell, type Cell } from './cell.ts';

/** Who looks at the page; undefined until the controller has said it. */
export const session: Cell<SessionAnswer | undefined> = createCell<SessionAnswer | undefined>(undefined);

export function useSession(): SessionAnswer | undefined {
  return useCell(session);
}

/** Why this person may change nothing, for a disabled button; undefined when they may. */
export function whyReadOnly(answer: SessionAnswer | undefined): string | undefined {
  if (answer === undefined || !answer.signedIn) return 'sign in first';
  return answer.role === 'operate' ? undefined : 'your role is view: ask for the operate role';
}

/** When no replica leads: when one was last heard, null if never. Undefined: one leads, or nobody has said. */
export function leaderless(answer: SessionAnswer | undefined): { readonly heardAt: number | null } | undefined {
  return answer?.signedIn === true ? (answer.leaderless ?? undefined) : undefined;
}
