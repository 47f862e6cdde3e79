import type { MailView } from '../../../answers/mails.ts';

export const mailStates: readonly MailView['state'][] = ['sent', 'waiting', 'heldBack', 'refused'];

export const stateWords: Readonly<Record<MailView['state'], string>> = {
  sent: 'sent',
  waiting: 'waiting',
  heldBack: 'held back',
  refused: 'refused',
};
