import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordedJson, type RecordedEngine } from './recorded.ts';
import { inspectBody, statsBody, type ContainerOverride, type Scripted } from './scripted-payloads.ts';

/** An engine for tests: answers over a real unix socket, with recorded payloads, about containers that it is told of. */
export interface ScriptedEngine {
  readonly socketPath: string;
  readonly url: string;
  /** Paths asked for, without version, in order. */
  readonly asked: readonly string[];
  run(name: string, over?: ContainerOverride): void;
  /** Ends it with this exit code, by itself. */
  die(name: string, exitCode?: number): void;
  start(name: string): void;
  stop(name: string): void;
  remove(name: string): void;
  /** Answers the paths that match in another way. */
  answer(path: RegExp, handler: Handler): void;
  /** Sends a raw piece of the event stream. */
  emitRaw(piece: string): void;
  /** Whether a change is told by an event; the listing knows it anyway. */
  setTelling(isTelling: boolean): void;
  cutStreams(): void;
  close(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** @param now the engine's clock. */
export async function createScriptedEngine(recording: RecordedEngine, now: () => number): Promise<ScriptedEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'foghorn-engine-'));
  const socketPath = join(folder, 'docker.sock');
  const containers = new Map<string, Scripted>();
  const overrides: { readonly path: RegExp; readonly handler: Handler }[] = [];
  const asked: string[] = [];
  const events = createEvents(now);
  const answers = createAnswers(recording, containers, now);
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/^\/v\d+\.\d+/, '');
    asked.push(path);
    const override = overrides.find((entry) => entry.path.test(path));
    if (override !== undefined) override.handler(request, response);
    else if (path.startsWith('/events')) events.open(response);
    else answers(path.replace(/\?.*$/, ''), response);
  });
  await new Promise<void>((resolve) => {
    server.listen(socketPath, resolve);
  });
  return {
    socketPath,
    url: `unix://${socketPath}`,
    asked,
    ...createDeeds(containers, events, now),
    answer: (path, handler) => {
      overrides.push({ path, handler });
    },
    emitRaw: events.emitRaw,
    setTelling: events.setTelling,
    cutStreams: events.cut,
    close: () => close(server).finally(() => rmSync(folder, { recursive: true, force: true })),
  };
}

type Deeds = Pick<ScriptedEngine, 'run' | 'die' | 'start' | 'stop' | 'remove'>;

function createDeeds(containers: Map<string, Scripted>, { tell }: Events, now: () => number): Deeds {
  let created = 0;
  const get = (name: string): Scripted => {
    const container = containers.get(name);
    if (container === undefined) throw new Error(`no container ${name}`);
    return container;
  };
  const end = (container: Scripted, exitCode: number): void => {
    Object.assign(container, { running: false, finishedAt: now(), exitCode });
    tell(container, 'die', { exitCode: String(exitCode) });
  };
  return {
    run: (name, over = {}) => {
      created += 1;
      const id = created.toString(16).padStart(64, '0');
      const container = { id, name, over, running: true, startedAt: now(), finishedAt: undefined, exitCode: 0 };
      containers.set(name, container);
      tell(container, 'create');
      tell(container, 'start');
    },
    die: (name, exitCode = 1) => {
      end(get(name), exitCode);
    },
    start: (name) => {
      Object.assign(get(name), { running: true, startedAt: now(), finishedAt: undefined });
      tell(get(name), 'start');
    },
    stop: (name) => {
      tell(get(name), 'kill', { signal: '15' });
      tell(get(name), 'stop');
      end(get(name), 0);
    },
    remove: (name) => {
      const container = get(name);
      containers.delete(name);
      tell(container, 'destroy');
    },
  };
}

interface Events {
  readonly open: (response: ServerResponse) => void;
  readonly tell: (container: Scripted, action: string, attributes?: Readonly<Record<string, string>>) => void;
  readonly emitRaw: (piece: string) => void;
  readonly setTelling: (isTelling: boolean) => void;
  readonly cut: () => void;
}

function createEvents(now: () => number): Events {
  const streams = new Set<ServerResponse>();
  let told = 0;
  let isTelling = true;
  const emitRaw = (piece: string): void => {
    for (const stream of streams) stream.write(piece);
  };
  return {
    emitRaw,
    open: (response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.flushHeaders();
      streams.add(response);
      response.on('close', () => streams.delete(response));
    },
    tell: (container, action, attributes = {}) => {
      if (!isTelling) return;
      told += 1;
      const timeNano = now() * 1e6 + told * 1000;
      const actor = { ID: container.id, Attributes: { name: container.name, ...attributes } };
      emitRaw(`${JSON.stringify({ Type: 'container', Action: action, Actor: actor, timeNano })}\n`);
    },
    setTelling: (telling) => {
      isTelling = telling;
    },
    cut: () => {
      for (const stream of streams) stream.destroy();
    },
  };
}

type Answer = (path: string, response: ServerResponse) => void;

function createAnswers(
  recording: RecordedEngine,
  containers: ReadonlyMap<string, Scripted>,
  now: () => number,
): Answer {
  return (path, response) => {
    const [, id, what] = /^\/containers\/([^/]+)\/(json|stats)$/.exec(path) ?? [];
    const container = [...containers.values()].find((entry) => entry.id === id);
    if (path === '/version') send(response, recordedJson(recording, 'version.json'));
    else if (path === '/info') send(response, recordedJson(recording, 'info.json'));
    else if (path === '/containers/json')
      send(
        response,
        [...containers.values()].map((one) => ({ Id: one.id })),
      );
    else if (container === undefined) send(response, { message: `No such container: ${id}` }, 404);
    else if (what === 'stats') send(response, statsBody(recording, container, now()));
    else send(response, inspectBody(recording, container));
  };
}

function send(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => {
      resolve();
    });
  });
}
