import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { errorMessage } from '../../errors.ts';
import { EngineError } from './failure.ts';

/** How to reach an engine, read from its URL. */
export type Address =
  | { readonly kind: 'unix'; readonly socketPath: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly isTls: boolean }
  | { readonly kind: 'ssh'; readonly destination: string; readonly port?: number; readonly remoteSocket: string };

const DEFAULT_SOCKET = '/var/run/docker.sock';
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'tcp:': 2375, 'http:': 80, 'https:': 443 };
const TLS_PORT = 2376;

/** `unix://`, `tcp://`, `http(s)://` or `ssh://`. Throws an {@link EngineError} for anything else. */
export function parseAddress(url: string): Address {
  if (url.startsWith('unix://')) return { kind: 'unix', socketPath: url.slice('unix://'.length) || DEFAULT_SOCKET };
  const parsed = URL.parse(url);
  if (parsed === null || parsed.hostname === '') throw badAddress(url);
  const port = parsed.port === '' ? undefined : Number(parsed.port);
  if (parsed.protocol === 'ssh:') return sshAddress(parsed, url, port);
  const defaultPort = DEFAULT_PORTS[parsed.protocol];
  if (defaultPort === undefined) throw badAddress(url);
  const isTls = parsed.protocol === 'https:' || (parsed.protocol === 'tcp:' && port === TLS_PORT);
  return { kind: 'tcp', host: unbracket(parsed.hostname), port: port ?? defaultPort, isTls };
}

/** IPv6 addresses come in brackets. */
function unbracket(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function sshAddress(parsed: URL, url: string, port: number | undefined): Address {
  const user = decodeURIComponent(parsed.username);
  // Nothing that ssh could take for an option or a shell for more than a word.
  if (!/^[\w.-]*$/.test(user) || !/^[\w.:[\]-]+$/.test(parsed.hostname) || (user || parsed.hostname).startsWith('-')) {
    throw badAddress(url);
  }
  const host = unbracket(parsed.hostname);
  return {
    kind: 'ssh',
    destination: user === '' ? host : `${user}@${host}`,
    ...(port === undefined ? {} : { port }),
    remoteSocket: /^\/.+/.test(parsed.pathname) ? decodeURIComponent(parsed.pathname) : DEFAULT_SOCKET,
  };
}

function badAddress(url: string): EngineError {
  return new EngineError('BadAnswer', `"${url}" is no unix://, tcp:// or ssh:// address of a Docker engine`);
}

/** What dockerode needs to reach a socket or a port. Every field is set, so that no environment variable gets in. */
export interface ModemOptions {
  readonly socketPath: string | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly protocol: 'http' | 'https';
  readonly ca: Buffer | undefined;
  readonly cert: Buffer | undefined;
  readonly key: Buffer | undefined;
  readonly timeout: undefined;
  readonly agent: HttpAgent;
}

const PLAIN: Omit<ModemOptions, 'agent'> = {
  socketPath: undefined,
  host: undefined,
  port: undefined,
  protocol: 'http',
  ca: undefined,
  cert: undefined,
  key: undefined,
  timeout: undefined,
};

/** Idle connections kept open: one round of a bounded engine; the rest is opened anew. */
const MAX_IDLE_CONNECTIONS = 8;
const KEEP_ALIVE = { keepAlive: true, maxFreeSockets: MAX_IDLE_CONNECTIONS } as const;

/**
 * docker-modem prints its options into a debug text with every request, whether anybody reads it or not: an agent with
 * all its sockets costs 13 ms each time, one that prints as a word nothing.
 */
function opaque<T extends HttpAgent>(agent: T): T {
  return Object.assign(agent, { [inspect.custom]: () => 'agent' });
}

export function socketOptions(socketPath: string): ModemOptions {
  return { ...PLAIN, socketPath, agent: opaque(new HttpAgent(KEEP_ALIVE)) };
}

/** @param certPath folder of ca.pem, cert.pem and key.pem (DOCKER_CERT_PATH). */
export function tcpOptions(address: Extract<Address, { kind: 'tcp' }>, certPath: string | undefined): ModemOptions {
  const { host, port, isTls } = address;
  if (!isTls) {
    return { ...PLAIN, host, port, agent: opaque(new HttpAgent(KEEP_ALIVE)) };
  }
  const tls = certPath === undefined ? {} : readCertificates(certPath);
  const agent = opaque(new HttpsAgent({ ...tls, ...KEEP_ALIVE }));
  return { ...PLAIN, host, port, protocol: 'https', ...tls, agent };
}

function readCertificates(certPath: string): Pick<ModemOptions, 'ca' | 'cert' | 'key'> {
  try {
    const read = (name: string): Buffer => readFileSync(join(certPath, name));
    return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
  } catch (error) {
    throw new EngineError('PermissionDenied', `DOCKER_CERT_PATH: ${errorMessage(error)}`, { cause: error });
  }
}
