import { Agent } from 'undici';
import type { Leader, Leadership } from '../../model/leadership.ts';

/** Connections to one leader. */
export interface Line {
  readonly leader: Leader;
  /** `http://10.0.0.7:8001` */
  readonly origin: string;
  readonly agent: Agent;
  /** Aborts when another one leads. */
  readonly over: AbortSignal;
}

export interface Lines {
  /** To who leads now; undefined when nobody does, or has not said where it is. That to the one before is cut. */
  current(): Line | undefined;
  /** Cuts it for good. */
  stop(): Promise<void>;
}

/** Streams take one each for as long as they are open; the leader has 1000 of them. */
const MAX_CONNECTIONS = 1500;
const CONNECT_TIMEOUT_MS = 3000;
/** A stream says something every 15 s. */
const SILENCE_MS = 45_000;

export function createLines(leadership: Pick<Leadership, 'leader'>): Lines {
  const closing = new Set<Promise<void>>();
  let open: { readonly line: Line; readonly over: AbortController } | undefined;
  let isStopped = false;

  function cut(): void {
    if (open === undefined) return;
    const { line, over } = open;
    open = undefined;
    over.abort(new Error('another replica leads'));
    const closed = line.agent.destroy().finally(() => closing.delete(closed));
    closing.add(closed);
  }

  return {
    current() {
      const leader = isStopped ? undefined : leadership.leader();
      if (open !== undefined && isSame(open.line.leader, leader)) return open.line;
      cut();
      const origin = originOf(leader?.url);
      if (leader === undefined || origin === undefined) return undefined;
      const over = new AbortController();
      open = { line: { leader, origin, agent: createAgent(), over: over.signal }, over };
      return open.line;
    },
    async stop() {
      isStopped = true;
      cut();
      await Promise.all(closing);
    },
  };
}

function isSame(one: Leader, other: Leader | undefined): boolean {
  return one.identity === other?.identity && one.url === other.url;
}

/** It follows no redirect. */
function createAgent(): Agent {
  return new Agent({
    connections: MAX_CONNECTIONS,
    pipelining: 1,
    allowH2: false,
    bodyTimeout: SILENCE_MS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
  });
}

/** Undefined for an address that says more than where it is. */
function originOf(address: string | undefined): string | undefined {
  const url = address === undefined ? null : URL.parse(address);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return undefined;
  const isPlain = [url.username, url.password, url.search, url.hash].every((part) => part === '');
  return isPlain && url.pathname === '/' ? url.origin : undefined;
}
