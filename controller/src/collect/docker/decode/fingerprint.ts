import { createHash } from 'node:crypto';
import { isObject, texts } from '../../json.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** Digests by which a change of configuration is noticed. Values, secrets among them, cannot be read back. */
export interface Fingerprint {
  /** Everything a person configures: tells a recreated container from its predecessor. */
  readonly whole: string;
  /** What `docker update` can change on a living container. */
  readonly updatable: string;
}

/** Differ by container, engine or client without anybody having changed a thing. */
const INCIDENTAL_CONFIG = new Set(['Hostname', 'Image', 'Labels']);
const INCIDENTAL_HOST_CONFIG = new Set(['ConsoleSize', 'ContainerIDFile', 'Links', 'MaskedPaths', 'ReadonlyPaths']);
const UPDATABLE = [
  'NanoCpus',
  'CpuQuota',
  'CpuPeriod',
  'CpuShares',
  'CpusetCpus',
  'CpusetMems',
  'Memory',
  'MemoryReservation',
  'MemorySwap',
  'PidsLimit',
  'BlkioWeight',
  'RestartPolicy',
];
/** Compose's bookkeeping, but for the digest of the service's definition. */
const COMPOSE_LABEL = /^com\.docker\.compose\.(?!config-hash$)/;

/** @param config `Config` and @param hostConfig `HostConfig` of an inspect. */
export function fingerprintConfig(config: JsonObject, hostConfig: JsonObject): Fingerprint {
  const labels = without(texts(config['Labels']), (key) => COMPOSE_LABEL.test(key));
  return {
    whole: digest([
      without(config, (key) => INCIDENTAL_CONFIG.has(key)),
      without(hostConfig, (key) => INCIDENTAL_HOST_CONFIG.has(key)),
      labels,
    ]),
    updatable: digest(UPDATABLE.map((key) => [key, hostConfig[key]])),
  };
}

function without(fields: JsonObject, drop: (key: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !drop(key)));
}

function digest(value: unknown): string {
  // Ids of networks and anonymous volumes change with each recreation and mean nothing.
  const canonical = JSON.stringify(canonicalize(value)).replaceAll(/[0-9a-f]{64}/g, '*');
  return createHash('sha256').update(canonical).digest('base64');
}

/** Sorted keys, and no empty values: a newer engine adds fields, which is no change either. */
function canonicalize(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonicalize);
  if (!isObject(value)) return value;
  const entries = Object.entries(value)
    .map(([key, entry]): [string, unknown] => [key, canonicalize(entry)])
    .filter(([, entry]) => !isEmpty(entry));
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === 0 || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}
