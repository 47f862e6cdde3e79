import type { AcknowledgeRequest, SilenceCreatedAnswer, SilenceRequest } from '../../answers/alerts.ts';
import type { LiveAlert } from '../../answers/live.ts';
import type { DoneAnswer } from '../../answers/policies.ts';
import { announce } from '../announce.ts';
import { del, post, type Answer } from '../api.ts';
import { clockTime, dateTime } from '../format.ts';
import { tell } from '../notice.ts';
import { silenceEnd, type SilenceChoice } from './silence-choices.ts';

/** What a silence is about: one alert, or all about a container. */
export type SilenceSubject =
  | { readonly kind: 'alert'; readonly alertKey: string; readonly title: string }
  | { readonly kind: 'target'; readonly target: string; readonly title: string };

type Named = Pick<LiveAlert, 'key' | 'rule' | 'container'>;

/** No further reminders of it, until it ends. Says what came of it, with a way back. */
export async function acknowledge(alerts: readonly Named[], acknowledged = true): Promise<void> {
  const first = alerts[0];
  if (first === undefined) return;
  const requests = alerts.map(({ key }) => ({ key, acknowledged }) satisfies AcknowledgeRequest);
  const answers = await Promise.all(requests.map((request) => post<DoneAnswer>('api/alerts/acknowledge', request)));
  const what =
    alerts.length === 1 ? `${first.rule} of ${first.container}` : `${alerts.length} alerts of ${first.container}`;
  const word = acknowledged ? 'acknowledged' : 'no longer acknowledged';
  sayOutcome(answers, `${what}: ${word}`, () => void acknowledge(alerts, !acknowledged));
}

/** Holds back all messages about it for a while. */
export async function silence(subject: SilenceSubject, choice: SilenceChoice): Promise<void> {
  const until = silenceEnd(choice, Date.now());
  const about = subject.kind === 'alert' ? { alertKey: subject.alertKey } : { target: subject.target };
  const request: SilenceRequest = { ...about, until, comment: 'from the dashboard' };
  const answer = await post<SilenceCreatedAnswer>('api/silences', request);
  const names = answer.ok ? answer.value.silences.map(({ name }) => name) : [];
  const end = choice === 'tomorrow' ? dateTime(until) : clockTime(until);
  sayOutcome([answer], `${subject.title}: silenced until ${end}`, () => void endSilences(names, subject.title));
}

async function endSilences(names: readonly string[], title: string): Promise<void> {
  const answers = await Promise.all(names.map((name) => del<DoneAnswer>('api/silences', { query: { name } })));
  sayOutcome(answers, `${title}: no longer silenced`);
}

function sayOutcome(answers: readonly Answer<unknown>[], done: string, undo?: () => void): void {
  const refused = answers.find(({ ok }) => !ok);
  if (refused?.ok === false) {
    const details = refused.details.map(({ message }) => message).filter((message) => message !== refused.error);
    tell({ kind: 'failed', text: [refused.error, ...details].join(': ') });
    return;
  }
  tell({ kind: 'done', text: done, undo });
  announce(done);
}
