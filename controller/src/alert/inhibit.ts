import type { Alert, FiringAlert, PendingAlert } from '../model/alert.ts';
import { compareSeverity } from '../model/severity.ts';

/** Who hears of an alert; undefined when nobody is to. */
export type ReadersOf = (alert: Source) => readonly string[] | undefined;

type Source = PendingAlert | FiringAlert;

/**
 * For each firing alert that another one explains, that other one. A host that is away explains all that is said about
 * its containers, from the first failed look on; a container that is not running explains its readings and probes; of
 * two policies that say of the same host that it is away, the one that fired first speaks.
 * Only what is at least as severe and is told to all who would hear of the other can explain it.
 */
export function findInhibitors(alerts: readonly Alert[], readersOf: ReadersOf): ReadonlyMap<string, Alert> {
  const live = alerts.filter((alert) => alert.state !== 'resolved');
  const hosts = Map.groupBy(live.filter(isHostAway), ({ target }) => target.host);
  const downs = Map.groupBy(live.filter(saysDown), ({ target }) => target.id);
  const found = new Map<string, Alert>();
  if (hosts.size === 0 && downs.size === 0) return found;
  for (const alert of live) {
    if (alert.state !== 'firing') continue;
    const sources = [...(hosts.get(alert.target.host) ?? []), ...(downs.get(alert.target.id) ?? [])];
    const source = sources.find((one) => explains(one, alert) && reachesReaders(one, alert, readersOf));
    if (source !== undefined) found.set(alert.key, source);
  }
  return found;
}

function isHostAway({ target }: Source): boolean {
  return target.kind === 'host';
}

/** Names of values that tell of a container's state; those of other rules tell how it is while it runs. */
const stateNames: ReadonlySet<string> = new Set(['up', 'state', 'health', 'exitCode']);

function saysDown(source: Source): boolean {
  return source.state === 'firing' && saysNotRunning(source);
}

/** A rule about the state alone was in breach because the container does not run, as `!up` or `state == "missing"`. */
export function saysNotRunning({ eventLike, values }: Pick<Alert, 'eventLike' | 'values'>): boolean {
  if (eventLike) return false;
  const names = Object.keys(values).filter(isOwnName);
  const isNotRunning = values['up'] === false || (typeof values['state'] === 'string' && values['state'] !== 'running');
  return isNotRunning && names.every((name) => stateNames.has(name));
}

/** Which container it is says nothing of how it is. */
function isOwnName(name: string): boolean {
  return !name.startsWith('container.');
}

const readings =
  /^((avg|max|min|increase)Over\()?(cpu|cpuCores|memory|memoryBytes|memoryLimitBytes|network\w+|disk\w+|processes|uptime|probes)\b/;

function explains(source: Source, alert: FiringAlert): boolean {
  if (source.key === alert.key || compareSeverity(source.severity, alert.severity) < 0) return false;
  if (source.target.kind !== 'host') return isReading(alert);
  return alert.target.kind !== 'host' || speaksBefore(source, alert);
}

/** It says how the container does while it runs. Restarts and events are news though it is down. */
function isReading({ eventLike, values }: FiringAlert): boolean {
  return !eventLike && Object.keys(values).some((name) => readings.test(name));
}

/** A silenced one must not keep the other's readers in the dark too. */
function speaksBefore(source: Source, alert: FiringAlert): boolean {
  if (source.state !== 'firing' || source.silencedBy !== undefined) return false;
  return source.firedAt < alert.firedAt || (source.firedAt === alert.firedAt && source.key < alert.key);
}

function reachesReaders(source: Source, alert: FiringAlert, readersOf: ReadersOf): boolean {
  const told = readersOf(source);
  return told !== undefined && (readersOf(alert) ?? []).every((one) => told.includes(one));
}
