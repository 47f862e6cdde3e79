import type { ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { errorMessage } from '../errors.ts';
import type { Log } from '../log.ts';
import type { LogChunk } from '../model/container.ts';
import type { LogEnd, LogLines } from './answers/container.ts';
import type { ContainerDetails } from './details.ts';
import { createLineReader, lineOf, type RawLine } from './log-tail.ts';

/** The output of containers, live, to those who watch it. */
export interface LogStreams {
  /** False when there are too many viewers; else takes over the response until its end. */
  open(response: ServerResponse, wanted: WantedLog): boolean;
  viewers(): number;
  /** Ends all of them. */
  stop(): void;
}

export interface WantedLog {
  readonly targetId: string;
  readonly tailLines: number;
  /** Whether its reader may go on reading. */
  readonly isStillIn: () => boolean;
}

/** Each holds a connection to an engine. */
const MAX_VIEWERS = 20;
/** Lines are sent together this often: a container that writes without end costs four messages a second. */
const SEND_EVERY_MS = 250;
const MAX_LINES_A_MESSAGE = 500;
/** Read between two messages; what comes faster waits in the engine. */
const MAX_BYTES_A_MESSAGE = 1_000_000;
/** A page that lets more than this pile up gets nothing until it has read on. */
const MAX_UNSENT_BYTES = 1_000_000;
const COMMENT_EVERY_MS = 15_000;

export function createLogStreams(deps: {
  readonly containers: Pick<ContainerDetails, 'log'>;
  readonly clock: Clock;
  readonly log: Log;
}): LogStreams {
  const { containers, clock, log } = deps;
  const viewers = new Set<AbortController>();

  async function follow(viewer: Viewer, { targetId, tailLines, isStillIn }: WantedLog): Promise<void> {
    const sending = sendRegularly(viewer, isStillIn, clock);
    try {
      for await (const chunk of await containers.log(targetId, tailLines, viewer.signal)) await viewer.take(chunk);
      viewer.end({ reason: 'ended', message: 'the container has stopped' });
    } catch (error) {
      if (!viewer.signal.aborted)
        log.info({ target: targetId, error: errorMessage(error) }, 'a log is not followed on');
      viewer.end({ reason: 'unavailable', message: errorMessage(error) });
    }
    await sending;
  }

  return {
    open(response, wanted) {
      if (viewers.size >= MAX_VIEWERS) return false;
      const abort = new AbortController();
      viewers.add(abort);
      response.on('close', () => {
        viewers.delete(abort);
        abort.abort(new Error('the viewer is gone'));
      });
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      response.write(': begun\n\n');
      void follow(createViewer(response, abort), wanted);
      return true;
    },
    viewers: () => viewers.size,
    stop() {
      for (const abort of viewers) abort.abort(new Error('the controller is stopping'));
    },
  };
}

interface Viewer {
  readonly signal: AbortSignal;
  /** Resolves when more may come. */
  take(chunk: LogChunk): Promise<void>;
  send(): void;
  comment(): void;
  end(end: LogEnd): void;
}

function createViewer(response: ServerResponse, abort: AbortController): Viewer {
  const reader = createLineReader();
  let lines: readonly RawLine[] = [];
  let skipped = 0;
  let bytes = 0;
  let goOn: (() => void) | undefined;

  function add(more: readonly RawLine[]): void {
    const all = [...lines, ...more.slice(-MAX_LINES_A_MESSAGE)];
    skipped += lines.length + more.length - Math.min(all.length, MAX_LINES_A_MESSAGE);
    lines = all.slice(-MAX_LINES_A_MESSAGE);
  }

  function send(): void {
    if (response.writableLength > MAX_UNSENT_BYTES) return;
    bytes = 0;
    goOn?.();
    if (lines.length === 0) return;
    const message: LogLines = { lines: lines.map(lineOf), skipped };
    response.write(`event: lines\ndata: ${JSON.stringify(message)}\n\n`);
    lines = [];
    skipped = 0;
  }

  return {
    signal: abort.signal,
    async take(chunk) {
      add(reader.read(chunk));
      bytes += chunk.bytes.length;
      if (bytes < MAX_BYTES_A_MESSAGE || abort.signal.aborted) return;
      await new Promise<void>((resolve) => {
        goOn = resolve;
        abort.signal.addEventListener('abort', () => resolve(), { once: true });
      });
    },
    send,
    comment: () => void response.write(': still here\n\n'),
    end(end) {
      add(reader.rest());
      send();
      if (!response.writableEnded) response.end(`event: end\ndata: ${JSON.stringify(end)}\n\n`);
      abort.abort();
    },
  };
}

async function sendRegularly(viewer: Viewer, isStillIn: () => boolean, clock: Clock): Promise<void> {
  let quietSince = clock.now();
  while (!viewer.signal.aborted) {
    await clock.sleep(SEND_EVERY_MS, viewer.signal).catch(() => undefined);
    if (viewer.signal.aborted) return;
    if (!isStillIn()) {
      viewer.end({ reason: 'signedOut', message: 'signed out' });
      return;
    }
    viewer.send();
    if (clock.now() - quietSince < COMMENT_EVERY_MS) continue;
    quietSince = clock.now();
    viewer.comment();
  }
}
