import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { Dispatcher } from 'undici';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../fake-clock.ts';
import { createSilentLog } from '../../log.ts';
import { MAX_STREAMS } from '../live/live.ts';
import { STALLED_MS } from '../live/stream.ts';
import { createPipes } from './pipes.ts';

function startPipes() {
  const clock = createFakeClock();
  let isStillIn = true;
  const pipes = createPipes({ isStillIn: () => isStillIn, clock, log: createSilentLog() });
  return {
    clock,
    pipes,
    signOut: () => {
      isStillIn = false;
    },
    open() {
      const body = new Readable({ read: () => undefined });
      const response = Object.assign(new EventEmitter(), {
        writableNeedDrain: false,
        destroyed: false,
        destroy() {
          response.destroyed = true;
          response.emit('close');
        },
      });
      const opened = pipes.open(
        {} as FastifyRequest,
        response as unknown as ServerResponse,
        body as unknown as Dispatcher.ResponseData['body'],
      );
      return { body, response, opened };
    },
  };
}

async function textOf(stream: Readable | undefined): Promise<string> {
  const chunks = stream === undefined ? [] : await stream.toArray();
  return Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))).toString();
}

describe('a stream on its way through', () => {
  it('ends orderly when the leader breaks off, so that the page asks again', async () => {
    const { open } = startPipes();
    const { body, opened } = open();
    body.push('event: a\n\n');
    const text = textOf(opened);
    await new Promise((resolve) => setImmediate(resolve));
    body.destroy(new Error('other side closed'));
    expect(await text).toBe('event: a\n\n');
  });

  it('ends when its reader has signed out', async () => {
    const { pipes, open, signOut } = startPipes();
    const { body, opened } = open();
    const text = textOf(opened);
    pipes.look();
    expect(body.destroyed).toBe(false);
    signOut();
    pipes.look();
    expect(await text).toBe('');
    expect(body.destroyed).toBe(true);
  });

  it('is cut off when nobody reads it for half a minute', async () => {
    const { clock, pipes, open } = startPipes();
    const { response } = open();
    response.writableNeedDrain = true;
    pipes.look();
    await clock.advance(STALLED_MS - 1);
    pipes.look();
    response.writableNeedDrain = false;
    pipes.look();
    response.writableNeedDrain = true;
    pipes.look();
    await clock.advance(STALLED_MS - 1);
    pipes.look();
    expect(response.destroyed).toBe(false);
    await clock.advance(1);
    pipes.look();
    expect(response.destroyed).toBe(true);
  });

  it('is refused when there are too many, until one has gone', () => {
    const { open } = startPipes();
    const first = open();
    for (let count = 1; count < MAX_STREAMS; count += 1) open();
    const refused = open();
    expect(refused.opened).toBeUndefined();
    expect(refused.body.destroyed).toBe(true);
    first.response.destroy();
    expect(open().opened).toBeDefined();
  });
});
