import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { object } from './decode/json.ts';
import { recordedJson, type RecordedEngine } from './recorded.ts';

/** An engine for tests: answers over a real unix socket, with recorded payloads, about containers that it is told of. */
export interface ScriptedEngine {
  readonly socketPath: string;
  readonly url: string;
  /** Paths asked for, without version, in order. */
  readonly asked: readonly string[];
  run(name: string, over?: ContainerOverride): string;
  /** Ends it with this exit code, by itself. */
  die(name: string, exitCode?: number): void;
  start(name: string): void;
  stop(name: string): void;
  remove(name: string): void;
  /** Answers a path (a pattern) in another way; undefined restores it. */
  answer(path: RegExp, handler: Handler | undefined): void;
  /** Sends a raw piece of the event stream. */
  emitRaw(piece: string): void;
  /** Whether a change is told by an event; the listing knows it anyway. */
  setTelling(isTelling: boolean): void;
  cutStreams(): void;
  close(): Promise<void>;
  listen(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
type JsonObject = Readonly<Record<string, unknown>>;

export interface ContainerOverride {
  readonly config?: JsonObject;
  readonly hostConfig?: JsonObject;
  readonly image?: string;
}

interface Scripted {
  readonly id: string;
  readonly name: string;
  readonly over: ContainerOverride;
  running: boolean;
  startedAt: number;
  finishedAt: number | undefined;
  exitCode: number;
}

/** Nanoseconds of CPU time a second of every running container. */
const CPU_NS_PER_MS = 250_000;

/** @param now the engine's clock. */
export async function createScriptedEngine(recording: RecordedEngine, now: () => number): Promise<ScriptedEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'foghorn-engine-'));
  const socketPath = join(folder, 'docker.sock');
  const containers = new Map<string, Scripted>();
  const streams = new Set<ServerResponse>();
  const asked: string[] = [];
  const overrides = new Map<string, { readonly path: RegExp; readonly handler: Handler }>();
  let created = 0;
  let told = 0;
  let isTelling = true;

  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/^\/v\d+\.\d+/, '');
    asked.push(path);
    const override = [...overrides.values()].find((entry) => entry.path.test(path));
    (override?.handler ?? handle)(request, response);
  });

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '').replace(/^\/v\d+\.\d+/, '').replace(/\?.*$/, '');
    if (path === '/version') return send(response, recordedJson(recording, 'version.json'));
    if (path === '/info') return send(response, recordedJson(recording, 'info.json'));
    if (path === '/containers/json') return send(response, [...containers.values()].map(({ id }) => ({ Id: id })));
    if (path === '/events') return openStream(response);
    const [, id = '', what] = /^\/containers\/([^/]+)\/(json|stats)$/.exec(path) ?? [];
    const container = [...containers.values()].find((entry) => entry.id === id);
    if (container === undefined) return send(response, { message: `No such container: ${id}` }, 404);
    return send(response, what === 'stats' ? statsBody(container) : inspectBody(container));
  }

  function openStream(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.flushHeaders();
    streams.add(response);
    response.on('close', () => streams.delete(response));
  }

  function inspectBody(container: Scripted): unknown {
    const { id, name, over, running, startedAt, finishedAt, exitCode } = container;
    const recorded = object(recordedJson(recording, 'states/nolimit/inspect.json'));
    const state = {
      Status: running ? 'running' : 'exited',
      Pid: running ? 1 : 0,
      ExitCode: running ? 0 : exitCode,
      StartedAt: new Date(startedAt).toISOString(),
      FinishedAt: finishedAt === undefined ? '0001-01-01T00:00:00Z' : new Date(finishedAt).toISOString(),
    };
    const config = { ...object(recorded['Config']), ...over.config };
    const hostConfig = { ...object(recorded['HostConfig']), ...over.hostConfig };
    const fixed = { Id: id, Name: `/${name}`, Image: over.image ?? recorded['Image'], RestartCount: 0 };
    return { ...recorded, ...fixed, State: state, Config: config, HostConfig: hostConfig };
  }

  function statsBody(container: Scripted): unknown {
    if (!container.running) return recordedJson(recording, 'states/exit0/stats-oneshot-1.json');
    const recorded = object(recordedJson(recording, 'states/nolimit/stats-oneshot-1.json'));
    const total = (now() - container.startedAt) * CPU_NS_PER_MS;
    const cpu = { ...object(recorded['cpu_stats']), cpu_usage: { total_usage: total } };
    return { ...recorded, read: new Date(now()).toISOString(), cpu_stats: cpu };
  }

  function tell(container: Scripted, action: string, attributes: JsonObject = {}): void {
    if (!isTelling) return;
    told += 1;
    const timeNano = now() * 1e6 + told * 1000;
    const actor = { ID: container.id, Attributes: { name: container.name, ...attributes } };
    emitRaw(`${JSON.stringify({ Type: 'container', Action: action, Actor: actor, timeNano })}\n`);
  }

  function emitRaw(piece: string): void {
    for (const stream of streams) stream.write(piece);
  }

  function get(name: string): Scripted {
    const container = containers.get(name);
    if (container === undefined) throw new Error(`no container ${name}`);
    return container;
  }

  function end(container: Scripted, exitCode: number): void {
    Object.assign(container, { running: false, finishedAt: now(), exitCode });
    tell(container, 'die', { exitCode: String(exitCode) });
  }

  const engine: ScriptedEngine = {
    socketPath,
    url: `unix://${socketPath}`,
    asked,
    run(name, over = {}) {
      created += 1;
      const id = created.toString(16).padStart(64, '0');
      const container = { id, name, over, running: true, startedAt: now(), finishedAt: undefined, exitCode: 0 };
      containers.set(name, container);
      tell(container, 'create');
      tell(container, 'start');
      return id;
    },
    die: (name, exitCode = 1) => {
      end(get(name), exitCode);
    },
    start(name) {
      Object.assign(get(name), { running: true, startedAt: now(), finishedAt: undefined });
      tell(get(name), 'start');
    },
    stop(name) {
      tell(get(name), 'kill', { signal: '15' });
      tell(get(name), 'stop');
      end(get(name), 0);
    },
    remove(name) {
      const container = get(name);
      containers.delete(name);
      tell(container, 'destroy');
    },
    answer: (path, handler) => {
      if (handler === undefined) overrides.delete(path.source);
      else overrides.set(path.source, { path, handler });
    },
    emitRaw,
    setTelling: (telling) => {
      isTelling = telling;
    },
    cutStreams: () => {
      for (const stream of streams) stream.destroy();
    },
    listen: () =>
      new Promise((resolve) => {
        server.listen(socketPath, resolve);
      }),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => {
          rmSync(folder, { recursive: true, force: true });
          resolve();
        });
      });
    },
  };
  await engine.listen();
  return engine;
}

function send(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
