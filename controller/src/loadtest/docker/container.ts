import type { ContainerCreateOptions } from 'dockerode';
import { argumentsOf, secretsOf, type LaunchOrder } from '../launcher.ts';
import type { Place } from './place.ts';

/** By these a generator is found again. */
export const LABELS = {
  owner: 'foghorn.dev/loadtest-uid',
  run: 'foghorn.dev/loadtest-run',
  index: 'foghorn.dev/loadtest-index',
  name: 'foghorn.dev/loadtest',
  controller: 'foghorn.dev/controller',
} as const;

/** A report of 50 endpoints takes some 100 MB to make. */
const MEMORY_BYTES = 536_870_912;
/** One CPU, which every host has: the generator is one thread. More load is more generators. */
const NANO_CPUS = 1_000_000_000;
const MAX_PROCESSES = 64;
/** A day of progress has 40 MB; what is older than the last lines is of no use. */
const LOG_OPTIONS = { 'max-size': '20m', 'max-file': '2' } as const;

interface Surroundings {
  readonly image: string;
  readonly controllerId: string;
  /** The controller's. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A generator's container: nothing of the host, no way to the engine, and bounds. */
export function containerOf(
  order: LaunchOrder,
  place: Place,
  { image, controllerId, env }: Surroundings,
): ContainerCreateOptions {
  return {
    Image: image,
    Cmd: [...argumentsOf(order, place.url)],
    Env: Object.entries(secretsOf(order, env)).map(([name, value]) => `${name}=${value}`),
    User: 'node',
    Tty: false,
    Labels: {
      [LABELS.owner]: order.owner,
      [LABELS.run]: String(order.run),
      [LABELS.index]: String(order.index),
      [LABELS.name]: order.name,
      [LABELS.controller]: controllerId,
    },
    HostConfig: {
      NetworkMode: place.network,
      ReadonlyRootfs: true,
      Tmpfs: { '/tmp': 'size=16m,noexec,nosuid' },
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true'],
      Memory: MEMORY_BYTES,
      MemorySwap: MEMORY_BYTES,
      NanoCpus: NANO_CPUS,
      PidsLimit: MAX_PROCESSES,
      RestartPolicy: { Name: 'no' },
      LogConfig: { Type: 'json-file', Config: LOG_OPTIONS },
    },
  };
}
