import type { PolicyAppliedAnswer } from '../../../answers/policies.ts';
import { put } from '../../api.ts';
import { tell } from '../../notice.ts';

/** The version that was edited: another one in the meantime is a conflict. */
export interface PresentPolicy {
  readonly key: string;
  readonly resourceVersion: string;
}

export type SaveOutcome =
  | { readonly kind: 'saved'; readonly key: string }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'refused'; readonly error: string };

const CONFLICT = 409;

export async function savePolicy(yaml: string, present: PresentPolicy | undefined): Promise<SaveOutcome> {
  const version = present === undefined ? {} : { resourceVersion: present.resourceVersion };
  const answer = await put<PolicyAppliedAnswer>('api/policies', { yaml, ...version });
  if (answer.ok) {
    const first = answer.value.applied[0];
    const words = answer.value.applied.map(({ key, action }) => `${key} ${action}`).join(', ');
    tell({ kind: 'done', text: words === '' ? 'nothing to save' : words });
    return { kind: 'saved', key: first?.key ?? present?.key ?? '' };
  }
  if (answer.status === CONFLICT && present !== undefined) return { kind: 'conflict' };
  const details = answer.details.map(({ path = '', message }) => `${path} ${message}`.trim());
  return { kind: 'refused', error: [answer.error, ...details.filter((text) => text !== answer.error)].join('; ') };
}
