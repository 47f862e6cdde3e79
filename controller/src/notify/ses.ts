import { SendRawEmailCommand, SESClient, type SendRawEmailCommandInput } from '@aws-sdk/client-ses';
import type { Clock } from '../clock.ts';
import { errorMessage } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Fence } from '../model/leadership.ts';
import type { Delivery, EmailMessage } from '../model/notification.ts';
import { isEmailAddress } from './address.ts';
import { composeMime } from './mime.ts';
import type { Notifier } from './notifier.ts';
import { classifySesError } from './ses-error.ts';

export interface SesOptions {
  readonly region: string;
  /** For one message, credentials and connection included. */
  readonly requestTimeoutMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Before each request; absent: all of them may go. */
  readonly fence?: Fence | undefined;
}

export interface SesNotifier extends Notifier {
  /** Gives the connections back. */
  close(): void;
}

/**
 * Amazon SES. Credentials come from the chain of the AWS SDK, another endpoint from AWS_ENDPOINT_URL_SES. Each call is
 * one attempt: the outbox owns the retry. A lost answer may double a mail, since SES has no idempotency token.
 */
export function createSesNotifier({ region, requestTimeoutMs, clock, log, fence }: SesOptions): SesNotifier {
  const client = new SESClient({ region, maxAttempts: 1, requestHandler: { connectionTimeout: requestTimeoutMs } });
  if (fence !== undefined) fenceRequests(client, fence);

  async function attempt(message: EmailMessage, signal: AbortSignal): Promise<Delivery> {
    try {
      const answer = await client.send(new SendRawEmailCommand(await commandInput(message)), { abortSignal: signal });
      return { kind: 'sent', messageId: answer.MessageId ?? '' };
    } catch (error) {
      log.debug({ notification: message.id, error: errorMessage(error) }, 'SES did not take a message');
      return classifySesError(error, message);
    }
  }

  return {
    async send(message) {
      const refused = refusedAddress(message);
      if (refused !== undefined) return refused;
      const deadline = new AbortController();
      const settled = new AbortController();
      try {
        const timeout = clock.sleep(requestTimeoutMs, settled.signal).then(() => timedOut(requestTimeoutMs));
        // The race ends the wait even where the signal is not heeded: while credentials are fetched.
        return await Promise.race([attempt(message, deadline.signal), timeout]);
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

/** Next to the wire: credentials are fetched and the request is signed before. */
function fenceRequests(client: SESClient, fence: Fence): void {
  client.middlewareStack.add(
    (next) => (call) => {
      fence();
      return next(call);
    },
    { name: 'fence', step: 'deserialize', priority: 'low' },
  );
}

function timedOut(requestTimeoutMs: number): Delivery {
  const message = `SES did not answer within ${requestTimeoutMs} ms. It is tried again.`;
  return { kind: 'retry', reason: 'timeout', message };
}

/**
 * One recipient a call: SES rejects a whole message for one bad address, and counts recipients, not calls. The envelope
 * is given, so that no header decides who gets it.
 */
async function commandInput(message: EmailMessage): Promise<SendRawEmailCommandInput> {
  return { Source: message.from, Destinations: [message.to], RawMessage: { Data: await composeMime(message) } };
}

function refusedAddress({ from, to }: EmailMessage): Delivery | undefined {
  if (!isEmailAddress(from)) return { kind: 'rejected', reason: 'sender', message: notAnAddress('sender', from) };
  if (!isEmailAddress(to)) return { kind: 'rejected', reason: 'address', message: notAnAddress('recipient', to) };
  return undefined;
}

function notAnAddress(role: string, text: string): string {
  return `The ${role} ${JSON.stringify(text.slice(0, MAX_SHOWN_ADDRESS_LENGTH))} is not a plain mail address (name@example.org).`;
}

const MAX_SHOWN_ADDRESS_LENGTH = 100;
