import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Dispatcher } from 'undici';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { REPLICA_HEADER } from '../access/replica-key.ts';
import { refuseReplica } from '../access/replica-gate.ts';
import type { SignIn } from '../access/sign-in.ts';
import { letGo, type LeaderLink, type Question } from './leader-link.ts';
import { createPipes, type Pipes } from './pipes.ts';

/** Lets the leader answer what it alone can answer. */
export interface Forward {
  /** False: there is no leader that answers, and nothing was sent to who asks. */
  try(request: FastifyRequest, reply: FastifyReply): Promise<boolean>;
  /** Answers, at the worst with why the leader does not. */
  answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>;
  /** Ends streams of those who have signed out or have stopped to read. To be called regularly. */
  look(): void;
}

export interface ForwardDeps {
  readonly link: LeaderLink;
  readonly signIn: Pick<SignIn, 'isStillIn' | 'signOut'>;
  readonly clock: Clock;
  readonly log: Log;
}

const READ_WITHIN_MS = 20_000;
/** A preview of a policy works for 20 s, and may wait for others. */
const WRITE_WITHIN_MS = 60_000;
const RETRY_AFTER_SECONDS = 2;

/** What of a request goes on: neither cookies nor what says who asks, which is signed instead. */
const askedHeaders = ['accept', 'content-type', 'last-event-id'] as const;
/** What of an answer comes back. */
const answeredHeaders = [
  'cache-control',
  'content-security-policy',
  'content-type',
  'retry-after',
  'x-accel-buffering',
  'x-frame-options',
] as const;

type Missing = 'notLeading' | 'leaderless' | 'failed' | 'busy' | 'wrongAddress';

export function createForward(deps: ForwardDeps): Forward {
  const { link, signIn, log } = deps;
  const pipes = createPipes({ ...deps, isStillIn: (request) => isStillIn(request, signIn) });
  let isKnown = true;

  /** The leader's own word about this replica, or its user. */
  function heed(word: string, request: FastifyRequest, reply: FastifyReply): FastifyReply | Missing {
    if (word === 'signedOut' && request.identity !== null) {
      signIn.signOut(request.identity);
      return reply.code(401).send({ error: 'sign in first' });
    }
    if (word !== 'notLeading' && isKnown) {
      log.warn('the leader does not know this replica: passwords, tokens and REPLICA_KEY, and the clocks, must agree');
    }
    isKnown = word === 'notLeading';
    return 'leaderless';
  }

  async function pass(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | Missing> {
    // Whoever sent it took this one for the leader: sent on, it could go round in a circle.
    if (request.replica !== null) return 'notLeading';
    const question = questionOf(request, reply);
    if (question === undefined) return 'wrongAddress';
    const heard = await link.ask(question);
    if (heard.kind !== 'answered') return heard.kind;
    const { answer } = heard;
    const word = answer.headers[REPLICA_HEADER];
    if (word !== undefined) {
      letGo(answer.body);
      return heed(String(word), request, reply);
    }
    isKnown = true;
    if (answer.statusCode < 200 || (answer.statusCode >= 300 && answer.statusCode < 400)) {
      letGo(answer.body);
      log.warn({ url: request.url, status: answer.statusCode }, 'the leader answers what it never should');
      return 'failed';
    }
    return relay(pipes, { request, reply, answer });
  }

  return {
    async try(request, reply) {
      return typeof (await pass(request, reply)) !== 'string';
    },
    async answer(request, reply) {
      const passed = await pass(request, reply);
      return typeof passed === 'string' ? sayMissing(request, reply, passed) : passed;
    },
    look: pipes.look,
  };
}

function isStillIn({ identity }: FastifyRequest, signIn: Pick<SignIn, 'isStillIn'>): boolean {
  return identity !== null && signIn.isStillIn(identity);
}

const methods: readonly Question['method'][] = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'];

/** Undefined for an address with another host in it, as proxies are asked. */
function questionOf(request: FastifyRequest, reply: FastifyReply): Question | undefined {
  const method = methods.find((known) => known === request.method);
  if (method === undefined || !request.url.startsWith('/')) return undefined;
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort(new Error('whoever asked is gone')));
  return {
    method,
    path: request.url,
    claim: { kind: 'user', identity: request.identity },
    headers: chosen(request.headers, askedHeaders),
    body: Buffer.isBuffer(request.body) ? request.body : undefined,
    answerWithinMs: method === 'GET' || method === 'HEAD' ? READ_WITHIN_MS : WRITE_WITHIN_MS,
    signal: gone.signal,
  };
}

function relay(
  pipes: Pipes,
  { request, reply, answer }: { request: FastifyRequest; reply: FastifyReply; answer: Dispatcher.ResponseData },
): FastifyReply {
  const { statusCode, headers, body } = answer;
  const isStream = String(headers['content-type']).startsWith('text/event-stream');
  const stream = isStream ? pipes.open(request, reply.raw, body) : body;
  if (stream === undefined) {
    return reply.code(503).header('retry-after', '10').type('text/plain').send('too many live views\n');
  }
  reply.code(statusCode).headers(chosen(headers, answeredHeaders));
  if (statusCode !== 204) return reply.send(stream);
  letGo(body);
  return reply.send();
}

function chosen(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  names: readonly string[],
): Record<string, string> {
  const entries = names.map((name): [string, string | readonly string[] | undefined] => [name, headers[name]]);
  return Object.fromEntries(entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
}

const reasons: Readonly<Record<Exclude<Missing, 'notLeading' | 'wrongAddress'>, string>> = {
  leaderless: 'no replica leads now; try again in a moment',
  failed: 'the replica that leads does not answer; try again in a moment',
  busy: 'too much is asked at once; try again in a moment',
};

function sayMissing(request: FastifyRequest, reply: FastifyReply, missing: Missing): FastifyReply {
  if (missing === 'notLeading') return refuseReplica(reply, 'notLeading');
  if (missing === 'wrongAddress') return reply.code(400).send({ error: 'this is no proxy' });
  const isUncertain = missing === 'failed' && !['GET', 'HEAD'].includes(request.method);
  const error = isUncertain
    ? 'the replica that leads does not answer; whether it was done is not known'
    : reasons[missing];
  return reply.code(503).header('retry-after', RETRY_AFTER_SECONDS).send({ error });
}
