import { describe, expect, it } from 'vitest';
import { emailReadiness, tellingReadiness } from './readiness.ts';

const region = 'us-east-1';
const sender = 'alerts@example.org';

describe('emailReadiness', () => {
  it.each([
    [{ recipients: [] }, 'set SENDER_EMAIL and RECIPIENT_EMAILS'],
    [{ recipients: ['ops@example.org'] }, 'set SENDER_EMAIL,'],
    [{ sender, recipients: [] }, 'set RECIPIENT_EMAILS,'],
    [{ sender: 'nobody', recipients: ['ops@example.org'] }, 'SENDER_EMAIL "nobody" is not a mail address'],
    [{ sender, recipients: ['x', 'a@b\r\nBcc: c@d'] }, 'RECIPIENT_EMAILS holds no mail address'],
  ])('says of %j: %s', (email, words) => {
    const readiness = emailReadiness({ ...email, region }, {});
    expect(readiness.configured).toBe(false);
    expect(readiness.message).toContain(words);
    expect(readiness.message).toContain('Alerts still show on the dashboard');
    expect(readiness.message).not.toMatch(/[\r\n]/);
  });

  it('says where mails go, and what it leaves out', () => {
    const readiness = emailReadiness({ sender, recipients: ['ops@example.org', 'x'], region }, {});
    expect(readiness).toEqual({
      configured: true,
      message:
        'Mails go from alerts@example.org to ops@example.org by Amazon SES (us-east-1); not a mail address and left out: "x"',
    });
  });

  it('names another endpoint without its password', () => {
    const env = { AWS_ENDPOINT_URL_SES: 'http://user:secret@ses:8005/' };
    const { message } = emailReadiness({ sender, recipients: ['ops@example.org'], region }, env);
    expect(message).toContain('the SES endpoint ses:8005');
    expect(message).not.toContain('secret');
  });
});

describe('tellingReadiness', () => {
  const slack = { format: 'slack', url: 'https://hooks.example.org/secret' } as const;
  const ops = ['ops@example.org'];

  it.each([
    ['only webhooks', { recipients: [] }, { urls: [slack] }, true, 'Alerts go to 1 Slack webhook; no mail is set up'],
    [
      'webhooks and an Alertmanager',
      { recipients: [] },
      { urls: [slack, slack, { format: 'alertmanager', url: 'http://x' }], alertmanagerUrl: 'http://am:9093' },
      true,
      'Alerts go to 2 Slack webhooks and 1 webhook and an Alertmanager; no mail is set up',
    ],
    ['mail too', { sender, recipients: ops }, { urls: [slack] }, true, 'Mails go from alerts@example.org to ops@'],
    [
      'half of mail',
      { recipients: ops },
      { urls: [slack] },
      false,
      'Alerts go to 1 Slack webhook. Emails are not conf',
    ],
    ['nothing', { recipients: [] }, { urls: [] }, false, 'Emails are not configured: set SENDER_EMAIL and RECIPIENT'],
  ] as const)('with %s', (_, email, webhooks, configured, words) => {
    const readiness = tellingReadiness({ email: { ...email, region }, webhooks, env: {} });
    expect(readiness).toMatchObject({ configured, message: expect.stringContaining(words) as string });
    expect(readiness.message).not.toContain('secret');
  });
});
