import { describe, expect, it } from 'vitest';
import type { RecipientSnapshot } from '../model/snapshot.ts';
import { deliveryCondition, type DeliveryFacts } from './delivery-condition.ts';

const email = { configured: true, message: 'set SENDER_EMAIL', sent: 0, failed: 0, waiting: 0 };
const told = { at: 1, severity: 'critical', messageId: 'm' } as const;
const failed = (reason: string, message: string) =>
  ({ at: 1, severity: 'critical', error: { reason, message } }) as const;
const ops: RecipientSnapshot = { recipient: 'ops@example.org', last: told };
const slack: RecipientSnapshot = { recipient: 'slack+env:SLACK_URL' };
const hook: RecipientSnapshot = { recipient: 'alertmanager+https://hooks.example.org/a', last: told };
const bad: RecipientSnapshot = { recipient: 'bad@example.org', last: failed('Rejected', 'not verified') };

describe('NotificationsDelivered', () => {
  it.each<[string, Partial<DeliveryFacts> & { recipients: readonly RecipientSnapshot[] }, string]>([
    ['nobody is told', { recipients: [] }, 'False NoRecipients: set SENDER_EMAIL'],
    ['only an Alertmanager is told', { recipients: [], alertmanager: {} }, 'True Delivered: accepted by alertmanager'],
    ['nothing happened', { recipients: [slack] }, 'True Delivered: nothing had to be sent yet by slack'],
    [
      'each channel took the last one',
      { recipients: [ops, slack, hook], alertmanager: {} },
      'True Delivered: accepted by email, webhook, alertmanager; nothing had to be sent yet by slack',
    ],
    [
      'one address is refused',
      { recipients: [ops, bad, hook] },
      'False Rejected: email to bad@example.org: not verified; accepted by email, webhook',
    ],
    [
      'Slack is away',
      { recipients: [ops, { ...slack, last: failed('Retrying', 'HTTP 503') }] },
      'False Retrying: slack to slack+env:SLACK_URL: HTTP 503; accepted by email',
    ],
    [
      'the Alertmanager is away',
      { recipients: [ops], alertmanager: { lastError: 'connect ECONNREFUSED' } },
      'False Retrying: alertmanager: connect ECONNREFUSED; accepted by email',
    ],
    [
      'many fail',
      { recipients: Array.from({ length: 7 }, (_, at) => ({ ...bad, recipient: `${at}@example.org` })) },
      'False Rejected: email to 0@example.org: not verified; email to 1@example.org: not verified; email to 2@example.org: not verified; email to 3@example.org: not verified; email to 4@example.org: not verified; and 2 more',
    ],
  ])('when %s', (_, { recipients, ...facts }, expected) => {
    const { status, reason, message } = deliveryCondition({ snapshot: { recipients }, email, ...facts });
    expect(`${status} ${reason}: ${message}`).toBe(expected);
  });

  it('says what the budget holds back', () => {
    const { reason, message } = deliveryCondition({ snapshot: { recipients: [ops], heldBack: 3 }, email });
    expect([reason, message]).toEqual([
      'BudgetSpent',
      'messages held back: 3; most of the budget of mails is spent; accepted by email',
    ]);
  });
});
