import { describe, expect, it } from 'vitest';
import { emailReadiness } from './readiness.ts';

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
