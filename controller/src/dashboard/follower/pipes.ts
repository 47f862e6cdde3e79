import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { Dispatcher } from 'undici';
import type { Clock } from '../../clock.ts';
import { errorMessage } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { MAX_STREAMS } from '../live/live.ts';
import { STALLED_MS } from '../live/stream.ts';
import { letGo } from './leader-link.ts';

/** Server-sent events on their way through. */
export interface Pipes {
  /** What to send on, as fast as it is read; undefined when there are too many. */
  open(request: FastifyRequest, response: ServerResponse, body: Dispatcher.ResponseData['body']): Readable | undefined;
  /** Ends streams of those who have signed out or have stopped to read. */
  look(): void;
}

interface Pipe {
  readonly request: FastifyRequest;
  readonly response: ServerResponse;
  readonly body: Dispatcher.ResponseData['body'];
  stalledSince: number | undefined;
}

export interface PipesDeps {
  readonly isStillIn: (request: FastifyRequest) => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

export function createPipes({ isStillIn, clock, log }: PipesDeps): Pipes {
  const pipes = new Set<Pipe>();

  /** A stream that breaks ends: the page asks again, with the id of what it got last. */
  async function* untilBroken(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
    try {
      yield* body;
    } catch (error) {
      log.debug({ error: errorMessage(error) }, 'a stream of the leader has ended');
    }
  }

  function lookAt(pipe: Pipe, now: number): void {
    if (!isStillIn(pipe.request)) pipe.body.destroy();
    pipe.stalledSince = pipe.response.writableNeedDrain ? (pipe.stalledSince ?? now) : undefined;
    if (pipe.stalledSince !== undefined && now - pipe.stalledSince >= STALLED_MS) pipe.response.destroy();
  }

  return {
    open(request, response, body) {
      if (pipes.size >= MAX_STREAMS) {
        letGo(body);
        return undefined;
      }
      const pipe = { request, response, body, stalledSince: undefined };
      pipes.add(pipe);
      response.once('close', () => pipes.delete(pipe));
      return Readable.from(untilBroken(body), { objectMode: false });
    },
    look() {
      const now = clock.now();
      for (const pipe of pipes) lookAt(pipe, now);
    },
  };
}
