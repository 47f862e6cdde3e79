import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../clock.ts';
import { createSesQuota, type QuotaAnswer } from './ses-quota.ts';

let server: Server | undefined;

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
afterEach(() => {
  vi.unstubAllEnvs();
  server?.closeAllConnections();
  server?.close();
});

async function askOf(listener: RequestListener): Promise<QuotaAnswer> {
  server = createServer(listener);
  const listening = server;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address = listening.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  vi.stubEnv('AWS_ENDPOINT_URL_SES', `http://127.0.0.1:${port}`);
  const quota = createSesQuota({ region: 'us-east-1', timeoutMs: 300, clock: systemClock });
  try {
    return await quota.ask();
  } finally {
    quota.close();
  }
}

const answer = `<GetSendQuotaResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><GetSendQuotaResult>
<Max24HourSend>200.0</Max24HourSend><MaxSendRate>1.0</MaxSendRate><SentLast24Hours>7.0</SentLast24Hours>
</GetSendQuotaResult></GetSendQuotaResponse>`;

describe('the quota of SES', () => {
  it('is read', async () => {
    const known = await askOf((_request, response) => response.setHeader('content-type', 'text/xml').end(answer));
    expect(known).toMatchObject({ kind: 'known', quota: { max24HourSend: 200, maxSendRate: 1, sentLast24Hours: 7 } });
  });

  it('is unknown, in time, where nobody answers', async () => {
    expect(await askOf(() => undefined)).toEqual({ kind: 'unknown', reason: 'no answer within 300 ms' });
  });

  it('is unknown where the right is missing', async () => {
    const refused = await askOf((_request, response) => {
      response.statusCode = 403;
      response.end('<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>');
    });
    expect(refused).toMatchObject({ kind: 'unknown' });
  });
});
