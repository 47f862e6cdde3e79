import type { Delivery } from '../model/notification.ts';
import { cleanLine } from './render/clean.ts';
import { errorCode } from '../errors.ts';

/** Whom the refused message was between; SES names the one it does not like in its text. */
export interface Addresses {
  readonly from: string;
  readonly to: string;
}

type RetryReason = Extract<Delivery, { kind: 'retry' }>['reason'];
type RejectReason = Extract<Delivery, { kind: 'rejected' }>['reason'];

/** Enough for what SES says, without the canonical request that it appends to a wrong signature. */
const MAX_MESSAGE_LENGTH = 240;

/** Error names without the `Exception` that some answers append: SES v1, v2 and the SDK differ in it. */
const throttlingNames = new Set([
  'BandwidthLimitExceeded',
  'LimitExceeded',
  'RequestLimitExceeded',
  'RequestThrottled',
  'SlowDown',
  'Throttled',
  'Throttling',
  'TooManyRequests',
]);
const pausedNames = new Set(['AccountSendingPaused', 'ConfigurationSetSendingPaused', 'SendingPaused']);
/** Also a clock that is wrong: the signature holds the time. */
const credentialNames = new Set([
  'AccessDenied',
  'AuthFailure',
  'CredentialsProviderError',
  'ExpiredToken',
  'IncompleteSignature',
  'InvalidClientTokenId',
  'InvalidSignature',
  'MissingAuthenticationToken',
  'NotAuthorized',
  'OptInRequired',
  'RequestExpired',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'UnrecognizedClient',
]);
const serverNames = new Set(['InternalFailure', 'InternalServerError', 'InternalError', 'ServiceUnavailable']);
const timeoutNames = new Set(['TimeoutError', 'RequestTimeout', 'AbortError']);
/** The message itself, or one of its addresses, is not taken. */
const messageNames = new Set([
  'BadRequest',
  'InvalidParameterCombination',
  'InvalidParameterValue',
  'MessageRejected',
  'MissingParameter',
  'ValidationError',
  'Validation',
]);
const senderNames = new Set(['MailFromDomainNotVerified', 'FromEmailAddressNotVerified']);
/** No answer of a mail service: what is on the other end, or the XML that came, is none of SES's. */
const namelessErrors = new Set(['', 'Error', 'AggregateError', 'Unknown', 'UnknownError', 'SyntaxError', 'TypeError']);
const passingNames = [throttlingNames, pausedNames, credentialNames, serverNames, timeoutNames, namelessErrors];
/** Forbidden, timeout, too many: as the names of the same meaning. */
const passingStatuses = new Set([403, 408, 429]);
const timeoutCodes = new Set(['ETIMEDOUT', 'ESOCKETTIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT']);

/** What an operator does about it. */
const advice: Readonly<Record<RetryReason | RejectReason, string>> = {
  throttled: 'Sending goes on more slowly.',
  quota: 'Sending goes on when the quota allows; ask AWS for a higher one.',
  paused: 'Sending is paused for this account: look at the SES console.',
  credentials: 'Check the AWS credentials, their right to ses:SendRawEmail, AWS_REGION and the clock of this machine.',
  network: 'Check the network, AWS_REGION and AWS_ENDPOINT_URL_SES.',
  server: 'It is tried again.',
  timeout: 'It is tried again.',
  address: 'Check the recipient; in the SES sandbox every recipient must be verified.',
  sender: 'Verify the sender (SENDER_EMAIL) in SES, in the region of AWS_REGION.',
  content: 'This message is not tried again.',
  config: 'Check the SES settings (region, endpoint, configuration set).',
};

/**
 * What is to be done about an error of the SES client. An answer that nobody has described is tried again: a doubled
 * mail is better than a lost one. Names as @aws-sdk/client-ses 3.1169 shows them.
 */
export function classifySesError(error: unknown, addresses: Addresses): Delivery {
  const facts = factsOf(error);
  const rejection = rejectionOf(facts, addresses);
  if (rejection !== undefined) return { kind: 'rejected', reason: rejection, message: describe(facts, rejection) };
  const reason = retryReasonOf(facts);
  return { kind: 'retry', reason, message: describe(facts, reason) };
}

interface ErrorFacts {
  /** Without `Exception`. */
  readonly name: string;
  readonly message: string;
  /** Of the socket: ECONNREFUSED. */
  readonly code: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
}

function factsOf(error: unknown): ErrorFacts {
  if (!(error instanceof Error)) return { name: '', message: String(error), code: '', status: 0 };
  const { name, message } = error;
  return { name: name.replace(/Exception$/, ''), message, code: errorCode(error), status: statusOf(error) };
}

function statusOf(error: Error): number {
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  const isObject = typeof metadata === 'object' && metadata !== null;
  return isObject && 'httpStatusCode' in metadata && typeof metadata.httpStatusCode === 'number'
    ? metadata.httpStatusCode
    : 0;
}

/** Why it is refused for good; undefined when another try may succeed. */
function rejectionOf(facts: ErrorFacts, addresses: Addresses): RejectReason | undefined {
  const { name, message } = facts;
  if (senderNames.has(name)) return 'sender';
  if (messageNames.has(name)) return rejectedPart(message, addresses) ?? 'content';
  return isUnknownClientFault(facts) ? 'config' : undefined;
}

/** SES says that the request is wrong, by a name that is none of those that pass. */
function isUnknownClientFault({ name, status }: ErrorFacts): boolean {
  if (status < 400 || status >= 500 || passingStatuses.has(status)) return false;
  return !passingNames.some((names) => names.has(name));
}

/** Which address a refusal is about, by the addresses it names, else by its words. */
function rejectedPart(message: string, { from, to }: Addresses): 'sender' | 'address' | undefined {
  const words = message
    .toLowerCase()
    .split(/[\s,:;<>'"()]+/)
    .map((word) => word.replace(/\.$/, ''));
  if (words.includes(from.toLowerCase()) || words.includes(domainOf(from))) return 'sender';
  if (words.includes(to.toLowerCase()) || words.includes(domainOf(to))) return 'address';
  if (/\b(source|sender|from)\b.*\b(address|domain|verified)/i.test(message)) return 'sender';
  return /not verified|blacklist|suppress|illegal address|address|final '@domain'|local (name|part)/i.test(message)
    ? 'address'
    : undefined;
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

function retryReasonOf({ name, message, code, status }: ErrorFacts): RetryReason {
  if (throttlingNames.has(name) || status === 429) return throttlingReason(message);
  if (pausedNames.has(name)) return 'paused';
  if (credentialNames.has(name) || status === 403 || /region is missing/i.test(message)) return 'credentials';
  if (timeoutCodes.has(code)) return 'timeout';
  if (code !== '') return 'network';
  if (timeoutNames.has(name) || status === 408) return 'timeout';
  return 'server';
}

/** One name, two meanings: too fast, which passes in a second, and too much for today, which takes hours. */
function throttlingReason(message: string): 'throttled' | 'quota' {
  if (/sending rate|send rate|per second/i.test(message)) return 'throttled';
  return /daily|quota|24.?hour/i.test(message) ? 'quota' : 'throttled';
}

function describe({ name, message, code, status }: ErrorFacts, reason: RetryReason | RejectReason): string {
  const what = [name === 'Error' ? '' : name, code, status === 0 ? '' : `HTTP ${status}`].filter((text) => text !== '');
  const text = cleanLine(message, MAX_MESSAGE_LENGTH);
  const said = what.length === 0 ? text : `${what.join(', ')}${text === '' ? '' : `: ${text}`}`;
  return `${said.replace(/\.$/, '')}. ${advice[reason]}`;
}
