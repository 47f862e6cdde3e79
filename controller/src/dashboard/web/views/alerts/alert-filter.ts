import type { AlertStory } from '../../../answers/alerts.ts';

/** What of the history is shown; as it stands in the address. Absent: all. */
export interface AlertFilter {
  readonly state?: string | undefined;
  readonly severity?: string | undefined;
  readonly policy?: string | undefined;
  /** Words that the container, the rule or the message must have. */
  readonly text?: string | undefined;
}

export function filterOf(query: Readonly<Record<string, string>>): AlertFilter {
  return { state: query['state'], severity: query['severity'], policy: query['policy'], text: query['q'] };
}

export function isWanted(story: AlertStory, { state, severity, policy, text }: AlertFilter): boolean {
  return (
    (state === undefined || story.state === state) &&
    (severity === undefined || story.severity === severity) &&
    (policy === undefined || story.policy === policy) &&
    (text === undefined || hasWords(`${story.container} ${story.rule} ${story.message} ${story.host}`, text))
  );
}

function hasWords(text: string, words: string): boolean {
  const lower = text.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}
