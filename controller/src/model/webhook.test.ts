import { describe, expect, it } from 'vitest';
import { channelOf, parseWebhookRecipient, parseWebhookUrl, webhookRecipient, type WebhookSpec } from './webhook.ts';

describe('the name of a webhook', () => {
  it.each<[WebhookSpec, string]>([
    [{ format: 'slack', address: { kind: 'env', name: 'SLACK_URL' } }, 'slack+env:SLACK_URL'],
    [{ format: 'alertmanager', address: { kind: 'setting', number: 2 } }, 'alertmanager+setting:2'],
    [
      { format: 'alertmanager', address: { kind: 'url', url: 'https://h.example/a?b=c' }, secretEnv: 'KEY' },
      'alertmanager+https://h.example/a?b=c#secretEnv=KEY',
    ],
  ])('of %j is %s, and back', (spec, recipient) => {
    expect(webhookRecipient(spec)).toBe(recipient);
    expect(parseWebhookRecipient(recipient)).toEqual({ secretEnv: undefined, ...spec });
    expect(channelOf(recipient)).toBe(recipient);
  });

  it.each(['ops@example.org', 'slack+ops@example.org', 'slack+ftp://x', 'other+env:X', 'slack+env:A B', ''])(
    'is not %j, which is for the mail',
    (recipient) => {
      expect(parseWebhookRecipient(recipient)).toBeUndefined();
      expect(channelOf(recipient)).toBe('mail');
    },
  );
});

describe('parseWebhookUrl', () => {
  it.each([
    ['https://h.example/x', { format: 'alertmanager', url: 'https://h.example/x' }],
    ['slack=https://h.example/x=y', { format: 'slack', url: 'https://h.example/x=y' }],
    ['teams=https://h.example', undefined],
    ['slack=', undefined],
    ['file:///etc/passwd', undefined],
  ])('reads %s', (entry, expected) => {
    expect(parseWebhookUrl(entry)).toEqual(expected);
  });
});
