import { createHash } from 'node:crypto';
import type { Container } from '../../model/container.ts';
import type { Target } from '../../model/target.ts';

/** A container and where it stands as a pod. */
export interface NamedContainer {
  readonly container: Container;
  readonly namespace: string;
  readonly name: string;
}

/** Bounds of names in Kubernetes: of a label (RFC 1123), and of a pod. */
const MAX_LABEL = 63;
const MAX_NAME = 253;
const DEFAULT_NAMESPACE = 'default';
const DIGEST_CHARACTERS = 5;
/** Compose's label for the service that a container is of. */
const SERVICE = 'com.docker.compose.service';

/**
 * Gives every container a namespace and a name that no other has, the same ones whatever order they come in. Containers
 * whose names would be alike (`a_b` and `a-b`, or one name on two hosts) all get an ending made of their identity.
 */
export function nameContainers(containers: readonly Container[]): readonly NamedContainer[] {
  const wanted = containers.map((container) => ({
    container,
    namespace: namespaceOf(container.target),
    name: subdomain(container.target.name),
  }));
  const alike = Map.groupBy(wanted, placeOf);
  return wanted.map((named) =>
    alike.get(placeOf(named))?.length === 1 ? named : { ...named, name: withEnding(named.name, named.container) },
  );
}

/** The Compose project, as a namespace. */
export function namespaceOf({ namespace }: Pick<Target, 'namespace'>): string {
  return dnsLabel(namespace) || DEFAULT_NAMESPACE;
}

/** The name of the pod's only container: the Compose service, else the name of the container. */
export function containerNameOf({ labels, name }: Target): string {
  return dnsLabel(labels[SERVICE] ?? '') || dnsLabel(name) || 'container';
}

/** The host, as the name of a node. */
export function nodeNameOf(host: string): string {
  return subdomain(host);
}

function placeOf({ namespace, name }: NamedContainer): string {
  return `${namespace}/${name}`;
}

function withEnding(name: string, { target }: Container): string {
  const digest = createHash('sha256').update(target.id).digest('hex').slice(0, DIGEST_CHARACTERS);
  return `${trimmed(name.slice(0, MAX_NAME - DIGEST_CHARACTERS - 1))}-${digest}`;
}

function dnsLabel(text: string): string {
  return trimmed(
    text
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]/g, '-')
      .slice(0, MAX_LABEL),
  );
}

/** Parts between dots each begin and end with a letter or digit. */
function subdomain(text: string): string {
  const parts = text
    .toLowerCase()
    .slice(0, MAX_NAME)
    .replaceAll(/[^a-z0-9.-]/g, '-')
    .split('.')
    .map(trimmed)
    .filter((part) => part !== '');
  return parts.join('.') || 'container';
}

function trimmed(text: string): string {
  return text.replace(/^[-.]+/, '').replace(/[-.]+$/, '');
}
