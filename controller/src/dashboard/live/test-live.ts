import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { createFakeClock, type FakeClock } from '../../fake-clock.ts';
import { createSilentLog } from '../../log.ts';
import type { LiveEvents } from '../answers/live.ts';
import { createFakeReader, type FakeReader } from '../fake-reader.ts';
import { createLive, LOOK_EVERY_MS, type Live } from './live.ts';

interface Received {
  readonly name: string;
  readonly id: string | undefined;
  readonly data: unknown;
}

/** What a page has got so far. */
interface FakeResponse {
  readonly response: { writableNeedDrain: boolean; readonly destroyed: boolean; destroy(): void };
  readonly asServerResponse: ServerResponse;
  names(): readonly string[];
  /** Data of the last event of that name. */
  last<Name extends keyof LiveEvents>(name: Name): LiveEvents[Name] | undefined;
  lastId(): string | undefined;
  /** Forgets what came so far. */
  clear(): void;
}

export interface TestPage extends FakeResponse {
  readonly opened: boolean;
  readonly stream: string;
}

export interface TestLive {
  readonly clock: FakeClock;
  readonly reader: FakeReader;
  readonly live: Live;
  open(viewer?: { readonly lastId?: string | undefined; readonly isStillIn?: () => boolean }): TestPage;
  /** Until the next look. */
  tick(): Promise<void>;
}

/** The part of a response that a stream uses, with a reader that may stop reading. */
function fakeResponse(): FakeResponse {
  let text = '';
  const events = new EventEmitter();
  const response = Object.assign(events, {
    writableNeedDrain: false,
    destroyed: false,
    writableEnded: false,
    statusCode: 0,
    writeHead(status: number) {
      response.statusCode = status;
      return response;
    },
    write(chunk: Buffer | string) {
      if (response.writableEnded) throw new Error('write after end');
      text += String(chunk);
      return true;
    },
    end(chunk: Buffer | string = '') {
      if (response.writableEnded) throw new Error('ended twice');
      text += String(chunk);
      response.writableEnded = true;
      // The socket closes later.
      process.nextTick(response.destroy);
    },
    destroy() {
      response.destroyed = true;
      events.emit('close');
    },
  });
  const received = (): readonly Received[] => text.split('\n\n').flatMap((block) => parseEvent(block) ?? []);
  return {
    response,
    asServerResponse: response as unknown as ServerResponse,
    names: () => received().map(({ name }) => name),
    last: <Name extends keyof LiveEvents>(name: Name) =>
      received().findLast((event) => event.name === name)?.data as LiveEvents[Name] | undefined,
    lastId: () => received().findLast(({ id }) => id !== undefined)?.id,
    clear: () => {
      text = '';
    },
  };
}

/** As a browser reads it: fields by line. */
function parseEvent(block: string): Received | undefined {
  const fields = new Map(
    block.split('\n').map((line) => [line.split(': ')[0] ?? '', line.slice(line.indexOf(': ') + 2)]),
  );
  const data = fields.get('data');
  return data === undefined
    ? undefined
    : { name: fields.get('event') ?? '', id: fields.get('id'), data: JSON.parse(data) };
}

/** Streams of made-up containers, until the end of the test. */
export function startLive(containers: number = 3): TestLive {
  const clock = createFakeClock();
  const reader = createFakeReader({ clock, containers });
  const live = createLive({ reader, clock, log: createSilentLog() });
  live.start();
  onTestFinished(() => live.stop());
  const open: TestLive['open'] = (viewer = {}) => {
    const page = fakeResponse();
    const opened = live.open(page.asServerResponse, { isStillIn: () => true, ...viewer });
    return { ...page, opened, stream: page.last('hello')?.stream ?? '' };
  };
  return { clock, reader, live, open, tick: () => clock.advance(LOOK_EVERY_MS) };
}
