import { FoghornError } from '../../errors.ts';
import type { ContainerLinks, LogChunk, LogOptions } from '../../model/container.ts';
import { within } from './connection.ts';
import type { Containers } from './containers.ts';
import { object } from '../json.ts';
import { decodeLinks } from './decode/links.ts';
import { demultiplex } from './demultiplex.ts';
import type { Engine } from './engine.ts';
import { EngineError } from './failure.ts';
import type { HostState } from './host-state.ts';

interface LogRequest extends LogOptions {
  readonly signal: AbortSignal;
}

const INSPECT_TIMEOUT_MS = 3000;

interface Place {
  readonly hostState: HostState;
  readonly containers: Containers;
}

/** Opens the output of a target's present container, as `Runtime.logs` promises. */
export async function openLogs(place: Place, targetId: string, request: LogRequest): Promise<AsyncIterable<LogChunk>> {
  return ask(place, targetId, (engine, id) => open(engine, id, request));
}

/** How a target's present container is reached, as `Runtime.links` promises. */
export async function readLinks(place: Place, targetId: string, signal: AbortSignal): Promise<ContainerLinks> {
  return ask(place, targetId, async (engine, id) =>
    decodeLinks(await engine.get(`/containers/${id}/json`, {}, within(INSPECT_TIMEOUT_MS, signal))),
  );
}

async function ask<T>(
  { hostState, containers }: Place,
  targetId: string,
  question: (engine: Engine, containerId: string) => Promise<T>,
): Promise<T> {
  const view = containers.find(targetId);
  if (view === undefined) throw new FoghornError('NotFound', `no container ${targetId}`);
  const session = hostState.session();
  const status = hostState.status();
  if (session === undefined) {
    throw new FoghornError('Unavailable', status.reachable ? 'the host is not reachable' : status.message);
  }
  try {
    return await question(session.engine, view.target.instance);
  } catch (error) {
    throw asFault(error);
  }
}

async function open(engine: Engine, id: string, { signal, ...options }: LogRequest): Promise<AsyncIterable<LogChunk>> {
  const inspected = await engine.get(`/containers/${id}/json`, {}, within(INSPECT_TIMEOUT_MS, signal));
  const hasTerminal = object(object(inspected)['Config'])['Tty'] === true;
  const bytes = await engine.bytes(`/containers/${id}/logs`, logQuery(options), signal);
  return untilAborted(hasTerminal ? asStdout(bytes) : demultiplex(bytes), signal);
}

/** Query of `GET /containers/{id}/logs` (Docker Engine API); times are Unix seconds. */
export function logQuery(options: LogOptions): Readonly<Record<string, string>> {
  const { follow, timestamps, tailLines, sinceMs, untilMs } = options;
  return {
    stdout: '1',
    stderr: '1',
    follow: follow ? '1' : '0',
    timestamps: timestamps ? '1' : '0',
    ...(tailLines === undefined ? {} : { tail: String(tailLines) }),
    ...(sinceMs === undefined ? {} : { since: (sinceMs / 1000).toFixed(3) }),
    ...(untilMs === undefined ? {} : { until: (untilMs / 1000).toFixed(3) }),
  };
}

/** A container with a terminal writes one stream, without frames. */
async function* asStdout(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<LogChunk, void> {
  for await (const bytes of pieces) yield { stream: 'stdout', bytes };
}

async function* untilAborted(chunks: AsyncIterable<LogChunk>, signal: AbortSignal): AsyncGenerator<LogChunk, void> {
  try {
    yield* chunks;
  } catch (error) {
    if (!signal.aborted) throw asFault(error);
  }
}

/** Engines answer 500 or 501 for a log driver whose output cannot be read back. */
function asFault(error: unknown): unknown {
  if (!(error instanceof EngineError)) return error;
  if (error.status === 404) return new FoghornError('NotFound', error.message, { cause: error });
  const isUnreadable = error.status === 501 || /driver does not support reading/.test(error.message);
  return new FoghornError(isUnreadable ? 'BadRequest' : 'Unavailable', error.message, { cause: error });
}
