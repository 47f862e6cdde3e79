import { availableParallelism, totalmem } from 'node:os';
import type { Clock } from '../../clock.ts';
import type { DockerHost } from '../../config.ts';
import { parseAddress, socketOptions, tcpOptions, type ModemOptions } from './address.ts';
import { decodeInfo } from './decode/info.ts';
import type { HostSize } from '../sample.ts';
import { decodeVersion, negotiateApi, type EngineVersion } from './decode/version.ts';
import { createEngine, type Engine } from './engine.ts';
import { EngineError } from './failure.ts';
import { createTunnel, type Tunnel } from './tunnel.ts';

/** An engine that answered, and what it said of itself. */
export interface Session {
  readonly engine: Engine;
  readonly engineVersion: string;
  /** The version spoken, not the newest it offers. */
  readonly apiVersion: string;
  readonly size: HostSize;
}

export interface Connection {
  /** Reaches the engine and agrees on a version, anew each time: the engine may have been upgraded in between. */
  open(signal: AbortSignal): Promise<Session>;
  close(): Promise<void>;
}

/** A starting engine accepts connections without an answer; better to say so and to come again. */
const GREETING_TIMEOUT_MS = 5000;

export interface ConnectionOptions {
  readonly host: DockerHost;
  /** Folder of ca.pem, cert.pem and key.pem for TLS. */
  readonly certPath?: string | undefined;
  readonly clock: Clock;
  readonly sshCommand?: readonly [string, ...string[]] | undefined;
}

export function createConnection(options: ConnectionOptions): Connection {
  const { url } = options.host;
  let tunnel: Tunnel | undefined;
  let engine: Engine | undefined;

  async function reach(signal: AbortSignal): Promise<ModemOptions> {
    const address = parseAddress(url);
    if (address.kind === 'unix') return socketOptions(address.socketPath);
    if (address.kind === 'tcp') return tcpOptions(address, options.certPath);
    tunnel ??= createTunnel(address, { clock: options.clock, command: options.sshCommand });
    return socketOptions(await tunnel.open(signal));
  }

  return {
    open: async (signal) => {
      engine?.close();
      const modem = await reach(signal);
      const version = await greet(modem, url, signal);
      const apiVersion = negotiateApi(version);
      engine = createEngine(modem, url, apiVersion);
      const size = await readSize(engine, url, signal);
      return { engine, engineVersion: version.engine, apiVersion, size };
    },
    close: async () => {
      engine?.close();
      await tunnel?.close();
    },
  };
}

async function greet(modem: ModemOptions, url: string, signal: AbortSignal): Promise<EngineVersion> {
  const unversioned = createEngine(modem, url, undefined);
  const version = decodeVersion(await unversioned.get('/version', {}, within(GREETING_TIMEOUT_MS, signal)));
  if (version === undefined) throw new EngineError('BadAnswer', `${url} answers, but not as a Docker engine`);
  return version;
}

/** A proxy may forbid /info; on our own machine we know the answer, elsewhere the stats tell the CPUs. */
async function readSize(engine: Engine, url: string, signal: AbortSignal): Promise<HostSize> {
  const unknown = isLocal(url)
    ? { cpus: availableParallelism(), memoryBytes: totalmem() }
    : { cpus: 0, memoryBytes: 0 };
  try {
    return decodeInfo(await engine.get('/info', {}, within(GREETING_TIMEOUT_MS, signal))) ?? unknown;
  } catch (error) {
    if (error instanceof EngineError && error.status !== undefined) return unknown;
    throw error;
  }
}

/** Whether the engine is on this machine, as far as the address tells. */
export function isLocal(url: string): boolean {
  return url.startsWith('unix://');
}

/** A signal that also aborts after this time. */
export function within(ms: number, signal: AbortSignal): AbortSignal {
  return AbortSignal.any([AbortSignal.timeout(ms), signal]);
}
