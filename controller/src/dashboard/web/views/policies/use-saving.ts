import { useState } from 'preact/hooks';
import type { PolicyAnswer } from '../../../answers/policies.ts';
import { get } from '../../api.ts';
import { href } from '../../route.ts';
import { savePolicy, type PresentPolicy } from './save-policy.ts';

export interface Saving {
  save(): Promise<void>;
  /** Why it was refused. */
  readonly refused: string | undefined;
  /** What somebody else saved meanwhile. */
  readonly theirs: PolicyAnswer | undefined;
  /** Their text, to go on with. */
  takeTheirs(): string | undefined;
  /** Saves over theirs, unless a third text came meanwhile. */
  keepMine(): Promise<void>;
}

/** Saves the text over the version that was edited; `leave` goes to the policy after that. */
export function useSaving(yaml: string, present: PresentPolicy | undefined, leave: (address: string) => void): Saving {
  const [base, setBase] = useState(present);
  const [theirs, setTheirs] = useState<PolicyAnswer>();
  const [refused, setRefused] = useState<string>();

  async function saveOver(over: PresentPolicy | undefined): Promise<void> {
    const outcome = await savePolicy(yaml, over);
    if (outcome.kind === 'saved') {
      leave(href('policies', [outcome.key]));
      return;
    }
    setRefused(outcome.kind === 'refused' ? outcome.error : undefined);
    if (outcome.kind !== 'conflict' || over === undefined) return;
    const answer = await get<PolicyAnswer>('api/policy', { query: { key: over.key } });
    if (answer.ok) setTheirs(answer.value);
    else setRefused(`somebody else changed it meanwhile, and it cannot be read: ${answer.error}`);
  }

  function acceptTheirs(): PresentPolicy | undefined {
    if (theirs === undefined) return base;
    const version = { key: theirs.policy.key, resourceVersion: theirs.resourceVersion };
    setBase(version);
    setTheirs(undefined);
    return version;
  }

  return {
    refused,
    theirs,
    save: () => saveOver(base),
    takeTheirs() {
      acceptTheirs();
      return theirs?.yaml;
    },
    keepMine: () => saveOver(acceptTheirs()),
  };
}
