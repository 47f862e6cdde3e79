import { GetSendQuotaCommand, SESClient } from '@aws-sdk/client-ses';
import type { Clock } from '../clock.ts';
import { errorMessage } from '../errors.ts';
import type { SendQuota } from './budget.ts';

/** Asks SES what may be sent. */
export interface SesQuota {
  /** Never rejects, and ends by its deadline: without the right to ask, or a service that knows the question, "why not". */
  ask(): Promise<QuotaAnswer>;
  close(): void;
}

export type QuotaAnswer =
  | { readonly kind: 'known'; readonly quota: SendQuota }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface SesQuotaOptions {
  readonly region: string;
  /** Credentials and connection included: a local sandbox never answers what it does not know. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

export function createSesQuota({ region, timeoutMs, clock }: SesQuotaOptions): SesQuota {
  const client = new SESClient({ region, maxAttempts: 1, requestHandler: { connectionTimeout: timeoutMs } });

  async function attempt(signal: AbortSignal): Promise<QuotaAnswer> {
    try {
      const answer = await client.send(new GetSendQuotaCommand({}), { abortSignal: signal });
      return readAnswer(answer, clock.now());
    } catch (error) {
      return { kind: 'unknown', reason: errorMessage(error) };
    }
  }

  return {
    async ask() {
      const deadline = new AbortController();
      const settled = new AbortController();
      try {
        const timeout = clock
          .sleep(timeoutMs, settled.signal)
          .then((): QuotaAnswer => ({ kind: 'unknown', reason: `no answer within ${timeoutMs} ms` }));
        return await Promise.race([attempt(deadline.signal), timeout]);
      } finally {
        deadline.abort();
        settled.abort();
      }
    },
    close: () => {
      client.destroy();
    },
  };
}

function readAnswer(
  answer: {
    readonly Max24HourSend?: number | undefined;
    readonly MaxSendRate?: number | undefined;
    readonly SentLast24Hours?: number | undefined;
  },
  at: number,
): QuotaAnswer {
  const { Max24HourSend: max24HourSend, MaxSendRate: maxSendRate, SentLast24Hours: sentLast24Hours } = answer;
  if (max24HourSend === undefined || maxSendRate === undefined || sentLast24Hours === undefined) {
    return { kind: 'unknown', reason: 'the answer holds no quota' };
  }
  return { kind: 'known', quota: { max24HourSend, maxSendRate, sentLast24Hours, at } };
}
