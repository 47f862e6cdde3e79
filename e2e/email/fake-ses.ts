import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { simpleParser, type Headers } from 'mailparser';
import type { ReceivedMail } from '../../controller/src/notify/notifier-contract.ts';

/** What the service does with one request. */
export type SesAnswer =
  | { readonly kind: 'accept' }
  /** Takes the mail, and never says so: what a lost answer looks like. */
  | { readonly kind: 'acceptSilently' }
  | { readonly kind: 'error'; readonly status: number; readonly code: string; readonly message: string }
  | { readonly kind: 'html'; readonly status: number }
  | { readonly kind: 'reset' }
  | { readonly kind: 'hang' };

export type SesBehaviour = (mail: SesMail, request: number) => SesAnswer;

/** A mail as it came in, with what the contract of a notifier does not ask about. */
export interface SesMail extends ReceivedMail {
  readonly headers: Headers;
  readonly raw: string;
  readonly pictures: readonly {
    readonly contentId: string;
    readonly contentType: string;
    readonly bytes: Uint8Array;
  }[];
}

/** Amazon SES v1 (Query protocol) as far as SendRawEmail and GetSendQuota go, that misbehaves on request. */
export interface FakeSes {
  readonly url: string;
  /** Mails that were accepted. */
  readonly accepted: readonly SesMail[];
  /** Mails that somebody tried to send. */
  requests(): number;
  behave(behaviour: SesBehaviour): void;
  close(): Promise<void>;
}

const namespace = 'http://ses.amazonaws.com/doc/2010-12-01/';

/** `port` to come back where it was before; else a free one. */
export async function startFakeSes(port = 0): Promise<FakeSes> {
  const accepted: SesMail[] = [];
  let requests = 0;
  let behaviour: SesBehaviour = acceptAll;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await bodyOf(request));
    if (!(request.headers.authorization ?? '').startsWith('AWS4-HMAC-SHA256')) {
      sendError(response, { status: 403, code: 'MissingAuthenticationToken', message: 'Request is missing a token' });
      return;
    }
    if (form.get('Action') === 'GetSendQuota') {
      sendXml(response, 'GetSendQuota', quotaFields);
      return;
    }
    requests += 1;
    const number = requests;
    const mail = await mailOf(form);
    const answer = behaviour(mail, number);
    if (answer.kind === 'accept' || answer.kind === 'acceptSilently') accepted.push(mail);
    if (answer.kind === 'accept') {
      sendXml(response, 'SendRawEmail', `<MessageId>fake-${number}</MessageId>`);
    } else if (answer.kind === 'error') sendError(response, answer);
    else if (answer.kind === 'html') response.writeHead(answer.status).end('<html><body>Bad gateway</body></html>');
    else if (answer.kind === 'reset') request.socket.destroy();
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    accepted,
    requests: () => requests,
    behave(next) {
      behaviour = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An account outside the sandbox. */
const quotaFields =
  '<Max24HourSend>50000.0</Max24HourSend><MaxSendRate>14.0</MaxSendRate><SentLast24Hours>0.0</SentLast24Hours>';

function sendXml(response: ServerResponse, action: string, fields: string): void {
  response.setHeader('content-type', 'text/xml');
  const result = `<${action}Result>${fields}</${action}Result>`;
  response.end(`<${action}Response xmlns="${namespace}">${result}</${action}Response>`);
}

function acceptAll(): SesAnswer {
  return { kind: 'accept' };
}

export function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port');
  return address.port;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

/** The envelope from the call, the rest from the message itself. */
async function mailOf(form: URLSearchParams): Promise<SesMail> {
  const raw = Buffer.from(form.get('RawMessage.Data') ?? '', 'base64');
  const parsed = await simpleParser(raw, { skipImageLinks: true, skipTextLinks: true });
  return {
    from: form.get('Source') ?? '',
    to: [...form].filter(([name]) => name.startsWith('Destinations.member.')).map(([, value]) => value),
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: typeof parsed.html === 'string' ? parsed.html : '',
    headers: parsed.headers,
    raw: raw.toString(),
    pictures: parsed.attachments.map(({ cid, contentType, content }) => ({
      contentId: cid ?? '',
      contentType,
      bytes: content,
    })),
  };
}

interface SesError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

function sendError(response: ServerResponse, { status, code, message }: SesError): void {
  response.writeHead(status, { 'content-type': 'text/xml' });
  const error = `<Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  response.end(`<ErrorResponse xmlns="${namespace}">${error}<RequestId>fake</RequestId></ErrorResponse>`);
}
