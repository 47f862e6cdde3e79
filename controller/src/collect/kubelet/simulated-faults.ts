import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { MAX_BODY_BYTES } from './calls.ts';

/** What a simulated kubelet measures, at a time of its own clock. */
export interface SimulatedReadings {
  /** Body of `/stats/summary`. */
  summary(now: number): string;
  /** Body of `/metrics/resource`. */
  metrics(now: number): string;
}

/** How it answers: as it should, or in one of the ways in which kubelets fail. */
export type KubeletMood =
  | 'well'
  | 'unauthorized'
  | 'forbidden'
  /** For want of nodes/stats; nodes/metrics is there. */
  | 'summaryForbidden'
  | 'notServed'
  /** Never. */
  | 'silent'
  | 'garbage'
  /** The connection ends in the middle of the body. */
  | 'truncated'
  | 'oversized'
  | 'reset'
  /** Its statistics stand still since ten minutes. */
  | 'stale';

export interface KubeletTemper {
  readonly mood: () => KubeletMood;
  readonly now: () => number;
  /** How far its clock is ahead. */
  readonly skewMs?: () => number;
}

const STILL_MS = 600_000;
const CHUNK = Buffer.alloc(1024 * 1024, ' ');

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly isSummary: boolean;
  /** The readings as they are, or were so many milliseconds ago. */
  readonly tell: (agoMs?: number) => string;
}

const answers: Readonly<Record<KubeletMood, (exchange: Exchange) => void>> = {
  well: ({ response, tell }) => response.end(tell()),
  unauthorized: ({ response }) => response.writeHead(401).end('Unauthorized'),
  forbidden: refuse,
  summaryForbidden: (exchange) => (exchange.isSummary ? refuse(exchange) : answers.well(exchange)),
  notServed: ({ response }) => response.writeHead(404).end('404 page not found\n'),
  silent: () => undefined,
  garbage: ({ response }) => response.end('{"pods": <html>'),
  truncated({ request, response, tell }) {
    response.writeHead(200, { 'content-length': 1_000_000 }).write(tell().slice(0, 100));
    setImmediate(() => request.socket.destroy());
  },
  oversized: ({ response }) => flood(response),
  reset: ({ request }) => request.socket.destroy(),
  stale: ({ response, tell }) => response.end(tell(STILL_MS)),
};

export function kubeletListener(readings: SimulatedReadings, { mood, now, skewMs }: KubeletTemper): RequestListener {
  return (request, response) => {
    const clockMs = now() + (skewMs?.() ?? 0);
    const isSummary = request.url === '/stats/summary';
    response.setHeader('date', new Date(clockMs).toUTCString());
    const tell = (agoMs = 0): string =>
      isSummary ? readings.summary(clockMs - agoMs) : readings.metrics(clockMs - agoMs);
    answers[mood()]({ request, response, isSummary, tell });
  };
}

/** As recorded of a kubelet. */
function refuse({ response, isSummary }: Exchange): void {
  const what = isSummary ? 'stats' : 'metrics';
  response.writeHead(403).end(`Forbidden (user=foghorn, verb=get, resource=nodes, subresource(s)=[${what}])\n`);
}

function flood(response: ServerResponse): void {
  let left = MAX_BODY_BYTES + CHUNK.length;
  const pour = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= CHUNK.length;
      if (!response.write(CHUNK)) {
        response.once('drain', pour);
        return;
      }
    }
    response.end();
  };
  pour();
}
