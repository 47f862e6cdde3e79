import type { Target } from '../model/target.ts';

/** What may be driven: names and globs, and the words `known` (containers and services) and `loopback`. */
export type AllowList = readonly string[];

/** `known` and `loopback` are words for these; everything else is a host name with `*` for any text. */
const KNOWN = 'known';
const LOOPBACK = 'loopback';
const COMPOSE_SERVICE = 'com.docker.compose.service';

/** What is known around an address. */
export interface Neighbourhood {
  readonly targets: readonly Target[];
  /** The containers that it leads to. */
  readonly behind: readonly Target[];
  /** Hosts are names of Services rather than of containers. */
  readonly areServices?: boolean;
}

/**
 * Why a load test may not drive this address, for people; undefined when it may. Names are compared, never what they
 * resolve to: an answer of DNS could be another one when the generator asks.
 */
export function refusalOf(url: string, allowed: AllowList, around: Neighbourhood): string | undefined {
  const host = hostOf(url);
  if (host === undefined) return `"${url}" is no address`;
  if (allowed.some((entry) => permits(entry, host, around.behind))) return undefined;
  const known =
    around.areServices === true ? 'Services of pods that are seen, as "web.shop"' : wordNames(around.targets);
  return `${host} is not among the hosts that load tests may drive (LOADTEST_ALLOWED_HOSTS=${allowed.join(',')}); known are ${known}`;
}

/** The containers behind an address: by container name, else by Compose service. */
export function targetsBehind(url: string, targets: readonly Target[]): readonly Target[] {
  const host = hostOf(url);
  const byName = targets.filter(({ name }) => name.toLowerCase() === host);
  return byName.length > 0 ? byName : targets.filter((target) => serviceOf(target) === host);
}

/** Lower case, without brackets; undefined for what is no address. */
export function hostOf(url: string): string | undefined {
  return URL.parse(url)?.hostname.replaceAll(/[[\]]/g, '').toLowerCase();
}

function permits(entry: string, host: string, behind: readonly Target[]): boolean {
  if (entry === KNOWN) return behind.length > 0;
  if (entry === LOOPBACK) return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
  return matches(entry.toLowerCase(), host);
}

function serviceOf({ labels }: Target): string | undefined {
  return Object.hasOwn(labels, COMPOSE_SERVICE) ? labels[COMPOSE_SERVICE]?.toLowerCase() : undefined;
}

/** Takes the parts between the stars one after the other, so that it is linear in the host. */
function matches(glob: string, host: string): boolean {
  const [first = '', ...rest] = glob.split('*');
  const last = rest.pop();
  if (last === undefined) return glob === host;
  if (!host.startsWith(first) || !host.endsWith(last) || host.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = host.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= host.length - last.length;
}

const MAX_NAMES = 10;

function wordNames(targets: readonly Target[]): string {
  const names = [...new Set(targets.map(({ name }) => name))].sort();
  if (names.length === 0) return 'none';
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return `${names.slice(0, MAX_NAMES).join(', ')}${more}`;
}
