import type { Clock } from '../../clock.ts';
import { isFoghornError } from '../../errors.ts';
import { badRequest, notFound, unavailable } from '../../kube/status.ts';
import type { Container, LogChunk, LogOptions } from '../../model/container.ts';
import { lastLines } from './last-lines.ts';
import type { PodLogOptions } from './log-options.ts';
import { containerNameOf, type NamedContainer } from './pod-names.ts';
import { pods } from './pod.ts';
import type { DockerReader } from './reader.ts';

/**
 * The output of a pod's container, as it was written to stdout and stderr. Resolves when the host has begun to answer;
 * rejects with a StatusError. The signal ends it quietly; a host that breaks off makes it throw.
 */
export type PodLogs = (
  pod: { readonly namespace: string; readonly name: string },
  options: PodLogOptions,
  signal: AbortSignal,
) => Promise<AsyncIterable<Uint8Array>>;

interface PodLogsDeps {
  readonly named: () => readonly NamedContainer[];
  readonly logs: DockerReader['logs'];
  readonly clock: Clock;
}

/** Logs read at a time; each holds a connection to an engine, of which a proxy may allow 64. */
const MAX_LOG_STREAMS = 32;

export function createPodLogs({ named, logs, clock }: PodLogsDeps): PodLogs {
  let streams = 0;

  /** Gives the place of a stream back when the client is gone, whether it was read to its end or not at all. */
  function takePlace(signal: AbortSignal): () => void {
    if (streams >= MAX_LOG_STREAMS) throw unavailable(`too many logs are read: at most ${MAX_LOG_STREAMS} at a time`);
    let isTaken = true;
    streams += 1;
    const release = (): void => {
      if (isTaken) streams -= 1;
      isTaken = false;
    };
    signal.addEventListener('abort', release, { once: true });
    return release;
  }

  return async (pod, options, signal) => {
    const container = findContainer(named(), pod, options.container);
    const wanted = rangeOf(container, pod.name, { ...options, nowMs: clock.now() });
    const release = takePlace(signal);
    try {
      const chunks = bytesOf(await logs(container.target.id, wanted, signal));
      const { previous, tailLines, limitBytes = Number.POSITIVE_INFINITY } = options;
      return bounded(previous && tailLines !== undefined ? lastLines(chunks, tailLines) : chunks, limitBytes, release);
    } catch (error) {
      release();
      throw asStatus(error, pod.name);
    }
  };
}

async function* bytesOf(chunks: AsyncIterable<LogChunk>): AsyncGenerator<Uint8Array, void> {
  for await (const { bytes } of chunks) yield bytes;
}

async function* bounded(
  chunks: AsyncIterable<Uint8Array>,
  limitBytes: number,
  release: () => void,
): AsyncGenerator<Uint8Array, void> {
  let left = limitBytes;
  try {
    for await (const bytes of chunks) {
      yield bytes.subarray(0, left);
      left -= bytes.length;
      if (left <= 0) return;
    }
  } finally {
    release();
  }
}

function findContainer(
  named: readonly NamedContainer[],
  pod: { readonly namespace: string; readonly name: string },
  wanted: string | undefined,
): Container {
  const found = named.find(({ namespace, name }) => namespace === pod.namespace && name === pod.name);
  if (found === undefined) throw notFound(pods, pod.name);
  if (wanted !== undefined && wanted !== containerNameOf(found.container.target)) {
    throw badRequest(`container ${wanted} is not valid for pod ${pod.name}`);
  }
  return found.container;
}

/**
 * Docker keeps the output of all runs together. As soon as the restart policy has started a container anew, its present
 * run is what Kubernetes calls the container, and what was before is `previous`.
 */
function rangeOf(
  container: Container,
  podName: string,
  options: PodLogOptions & { readonly nowMs: number },
): LogOptions {
  const { follow, timestamps, tailLines, previous, sinceSeconds, nowMs } = options;
  const { startedAt, restarts } = container;
  const name = containerNameOf(container.target);
  if (startedAt === undefined) {
    throw badRequest(`container "${name}" in pod "${podName}" is waiting to start: Created`);
  }
  if (previous && restarts === 0) {
    throw badRequest(`previous terminated container "${name}" in pod "${podName}" not found`);
  }
  const asked = sinceSeconds === undefined ? options.sinceTimeMs : nowMs - sinceSeconds * 1000;
  // engines take the last lines first and leave out those that are too young of these
  if (previous) return { timestamps, follow: false, sinceMs: asked, untilMs: startedAt };
  return { timestamps, tailLines, follow, sinceMs: restarts === 0 ? asked : Math.max(startedAt, asked ?? 0) };
}

function asStatus(error: unknown, podName: string): unknown {
  if (!isFoghornError(error)) return error;
  if (error.code === 'NotFound') return notFound(pods, podName);
  return error.code === 'BadRequest' ? badRequest(error.message) : unavailable(error.message);
}
