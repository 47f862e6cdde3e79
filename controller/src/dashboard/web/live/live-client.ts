import type { LiveEvents, LiveHello, ScreenRequest } from '../../answers/live.ts';
import type { LiveUpdate } from './live-view.ts';
import { createRetry, createSilenceWatch } from './timing.ts';

/** Whether what is on the page is the present. */
export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  | { readonly state: 'lost'; readonly since: number };

/** What the client needs of an EventSource. */
export interface Source {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface LiveClientDeps {
  open(address: string): Source;
  /** Sends what is on screen; its outcome does not matter: the next stream is told again. */
  post(path: string, body: ScreenRequest): void;
  now(): number;
  update(update: LiveUpdate): void;
  connection(connection: Connection): void;
  /** The controller's word on the age of what it sends, milliseconds. */
  heard(ageMs: number): void;
  /** The stream was refused or ended by the controller: whether a sign-in is needed must be asked. */
  refused(): void;
}

export interface LiveClient {
  /** Idempotent. */
  start(): void;
  /** Idempotent. */
  stop(): void;
  /** Replaces what the controller is told to be on screen. */
  show(screen: ScreenRequest): void;
  /** The page is seen again, or the network is back: silence is judged at once. */
  look(): void;
}

const CLOSED = 2;

type Handlers = { readonly [Name in keyof LiveEvents]: (data: LiveEvents[Name], id: string) => void };

/** Follows `api/live`; reconnects by itself, and asks for what it missed meanwhile. */
export function createLiveClient(deps: LiveClientDeps): LiveClient {
  let source: Source | undefined;
  let stream: string | undefined;
  let screen: ScreenRequest = { ids: [] };
  let lastId = '';
  const retry = createRetry(connect);
  const silence = createSilenceWatch(deps.now, () => {
    if (source !== undefined) lost();
  });
  const tell = createTeller(deps);

  function heard(): void {
    silence.heard();
    retry.reset();
    tell('live');
  }

  const handlers = createHandlers(deps, {
    heard,
    opened(hello) {
      stream = hello.stream;
      silence.expect(hello.heartbeatMs);
      sendScreen();
    },
    passed(id) {
      lastId = id;
    },
    lost,
  });

  function connect(): void {
    silence.heard();
    const opened = deps.open(`./api/live?v=2${lastId === '' ? '' : `&last=${encodeURIComponent(lastId)}`}`);
    source = opened;
    // A stream that was given up may still deliver what was under way.
    listen(opened, handlers, () => source === opened);
    opened.addEventListener('error', () => {
      if (source === opened) failed(opened);
    });
  }

  function failed(opened: Source): void {
    tell('lost');
    // Otherwise the EventSource tries again by itself, and sends the last id.
    if (opened.readyState !== CLOSED) return;
    deps.refused();
    lost();
  }

  function lost(): void {
    tell('lost');
    source?.close();
    source = undefined;
    stream = undefined;
    retry.plan();
  }

  function sendScreen(): void {
    if (stream !== undefined) deps.post(`api/live/${encodeURIComponent(stream)}/screen`, screen);
  }

  return {
    start() {
      if (silence.start()) connect();
    },
    stop() {
      silence.stop();
      retry.reset();
      source?.close();
      source = undefined;
    },
    show(next) {
      screen = next;
      sendScreen();
    },
    look: silence.look,
  };
}

interface Progress {
  heard(): void;
  opened(hello: LiveHello): void;
  passed(id: string): void;
  lost(): void;
}

function createHandlers(deps: LiveClientDeps, progress: Progress): Handlers {
  function take(update: LiveUpdate, id: string): void {
    if (id !== '') progress.passed(id);
    progress.heard();
    if (update.kind !== 'screen') deps.heard(0);
    deps.update(update);
  }
  return {
    hello(hello) {
      progress.heard();
      progress.opened(hello);
    },
    state: (data, id) => take({ kind: 'state', data }, id),
    change: (data, id) => take({ kind: 'change', data }, id),
    screen: (data) => take({ kind: 'screen', data }, ''),
    alive({ at, now }) {
      progress.heard();
      deps.heard(Math.max(0, now - at));
    },
    bye({ reason }) {
      if (reason === 'signedOut') deps.refused();
      progress.lost();
    },
  };
}

const eventNames = ['hello', 'state', 'change', 'screen', 'alive', 'bye'] as const;

function listen(source: Source, handlers: Handlers, isCurrent: () => boolean): void {
  for (const name of eventNames) {
    source.addEventListener(name, (event) => {
      if (isCurrent()) handlers[name](JSON.parse(event.data), event.lastEventId);
    });
  }
}

/** Says each state once. */
function createTeller(deps: Pick<LiveClientDeps, 'now' | 'connection'>): (state: 'live' | 'lost') => void {
  let told: Connection['state'] = 'connecting';
  return (state) => {
    if (state === told) return;
    told = state;
    deps.connection(state === 'live' ? { state } : { state, since: deps.now() });
  };
}
