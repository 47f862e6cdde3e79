import type { ContainerLinks, ContainerNetwork, ContainerPort } from '../../../model/container.ts';
import { amount, list, object, text } from '../../json.ts';

/** More than anybody reads; a range of a thousand ports is published as a thousand. */
const MAX_PORTS = 100;
const MAX_NETWORKS = 32;

/** `NetworkSettings` of `GET /containers/{id}/json`: ports in their order, IPv4 and IPv6 alike. */
export function decodeLinks(body: unknown): ContainerLinks {
  const settings = object(object(body)['NetworkSettings']);
  return {
    ports: Object.entries(object(settings['Ports']))
      .slice(0, MAX_PORTS)
      .flatMap(([name, bindings]) => portsOf(name, bindings))
      .toSorted((a, b) => a.containerPort - b.containerPort)
      .slice(0, MAX_PORTS),
    networks: Object.entries(object(settings['Networks'])).slice(0, MAX_NETWORKS).map(networkOf),
  };
}

function portsOf(name: string, bindings: unknown): readonly ContainerPort[] {
  const match = /^(\d{1,5})\/([a-z]{1,8})$/.exec(name);
  if (match === null) return [];
  const port = { protocol: match[2] ?? '', containerPort: Number(match[1]) };
  const published = list(bindings, MAX_PORTS).map((binding) => {
    const { HostIp, HostPort } = object(binding);
    return { ...port, hostAddress: text(HostIp) || undefined, hostPort: amount(HostPort) };
  });
  return published.length === 0 ? [port] : published;
}

function networkOf([name, settings]: readonly [string, unknown]): ContainerNetwork {
  const { IPAddress, GlobalIPv6Address } = object(settings);
  return { name: text(name), address: text(IPAddress) || text(GlobalIPv6Address) || undefined };
}
