import type { ContainerInfo } from 'dockerode';

/** Where a generator reaches its target. */
export interface Place {
  readonly network: string;
  /** The address as it is valid there. */
  readonly url: string;
}

const COMPOSE_SERVICE = 'com.docker.compose.service';
/** Networks in which names are not resolved. */
const NAMELESS: ReadonlySet<string> = new Set(['bridge', 'none', 'host']);

/**
 * The network of the container behind an address; undefined when it is none of these. A name counts before a service. Both may have
 * capitals, which an address has not: the engine resolves them all the same.
 */
export function placeOf(url: string, containers: readonly ContainerInfo[]): Place | undefined {
  const host = new URL(url).hostname;
  const target =
    containers.find(({ Names }) => Names.some((name) => name.toLowerCase() === `/${host}`)) ??
    containers.find(({ Labels }) => Labels[COMPOSE_SERVICE]?.toLowerCase() === host);
  if (target === undefined) return undefined;
  const networks = Object.keys(target.NetworkSettings.Networks).sort();
  if (networks.includes('host')) return { network: 'host', url: withHost(url, '127.0.0.1') };
  const named = networks.find((network) => !NAMELESS.has(network));
  if (named !== undefined) return { network: named, url };
  const address = target.NetworkSettings.Networks['bridge']?.IPAddress ?? '';
  return address === '' ? undefined : { network: 'bridge', url: withHost(url, address) };
}

/** Addresses of the machine itself; a generator in a container reaches them from the host's network only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

function withHost(url: string, host: string): string {
  const changed = new URL(url);
  changed.hostname = host;
  return changed.href;
}
