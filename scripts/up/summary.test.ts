import { describe, expect, it } from 'vitest';
import { summary } from './summary.ts';

describe('the closing list', () => {
  it('names every address, the logs and how to stop', () => {
    const text = summary('compose', {});
    for (const part of [':8000', ':8001', ':8005', 'logs/status.log', 'npm run down', '--volumes']) {
      expect(text).toContain(part);
    }
  });

  it.each([
    ['no key', { AWS_ACCESS_KEY_ID: '' }, 'sandbox'],
    [
      'a key',
      { AWS_ACCESS_KEY_ID: 'AKIA', AWS_REGION: 'eu-west-1', SENDER_EMAIL: 'ops@example.com' },
      'Amazon SES eu-west-1',
    ],
    ['an endpoint of the user', { AWS_ENDPOINT_URL_SES: 'https://ses.example.com' }, 'Amazon SES'],
  ])('says where mails go with %s', (_, settings, mails) => {
    expect(summary('local', settings)).toContain(mails);
  });
});
