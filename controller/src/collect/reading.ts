import type { Resources } from '../model/observation.ts';
import type { Allowance, HostSize, NetworkKind, Sample } from './sample.ts';

/** What rates of the next look are counted from. */
export interface Baseline {
  /** Which counters these are: container, run and source. Other counters cannot be compared with them. */
  readonly counters: string;
  readonly sample: Sample;
  readonly rates?: Rates | undefined;
}

/** What turns counters into percentages. */
export interface ReadingContext {
  readonly counters: string;
  readonly allowance: Allowance;
  /** Zeros where the engine does not tell. */
  readonly host: HostSize;
  readonly network: NetworkKind;
}

export interface Reading {
  readonly resources: Resources;
  readonly note?: string | undefined;
  readonly baseline: Baseline;
}

type Rates = Pick<
  Resources,
  'cpuPercent' | 'cpuCores' | 'networkReceiveRate' | 'networkTransmitRate' | 'diskReadRate' | 'diskWriteRate'
>;

/** Rates over less are noise; such a look repeats the rates of the one before. */
const MIN_WINDOW_NS = 900_000_000n;
/** Sources of one container may differ by a sampling interval (15 s); a sample older than that means another clock. */
const MAX_BACKWARD_NS = 20_000_000_000n;

/**
 * Resources of one look: levels from the sample, rates from its difference to the baseline. There are no rates on
 * the first sample of a run, nor when the CPU counter or the clock ran backwards; both begin a new baseline.
 */
export function readResources(previous: Baseline | undefined, sample: Sample, context: ReadingContext): Reading {
  const levels = { ...readLevels(sample, context), ...readGauge(sample, context) };
  const begin = (note: string): Reading => ({
    resources: levels,
    note,
    baseline: { counters: context.counters, sample },
  });
  if (previous === undefined) return begin('first sample: rates come with the next');
  if (previous.counters !== context.counters) return begin('first sample of this run: rates come with the next');
  if ((sample.cpuNs ?? 0) < (previous.sample.cpuNs ?? 0)) return begin('counters began anew: rates come with the next');
  const windowNs = sample.readAtNs - previous.sample.readAtNs;
  if (windowNs < -MAX_BACKWARD_NS) return begin('its clock was set back: rates come with the next');
  if (windowNs < MIN_WINDOW_NS) return tooSoon(previous, levels);
  const rates = readRates(previous.sample, sample, context);
  return { resources: { ...levels, ...rates }, baseline: { counters: context.counters, sample, rates } };
}

function tooSoon(previous: Baseline, levels: Resources): Reading {
  const note = previous.rates === undefined ? 'first sample of this run: rates come with the next' : undefined;
  return { resources: { ...levels, ...previous.rates }, note, baseline: previous };
}

/** Memory in percent of the limit, or of the host's memory where there is none. */
function readLevels(sample: Sample, context: ReadingContext): Resources {
  const limit = context.allowance.memoryBytes ?? (context.host.memoryBytes || undefined);
  const used = sample.memoryBytes;
  return {
    memoryBytes: used,
    memoryLimitBytes: limit,
    memoryPercent: used === undefined || limit === undefined ? undefined : (used / limit) * 100,
    processes: sample.processes,
  };
}

/**
 * CPU by wall time: nanoseconds used over nanoseconds passed is cores; over the cores it may use, percent. Unlike
 * the formula of `docker stats` it needs no host counter, which podman gets wrong and which leaves out steal.
 */
function readRates(previous: Sample, sample: Sample, context: ReadingContext): Rates {
  const windowNs = Number(sample.readAtNs - previous.readAtNs);
  const perSecond = (before: number | undefined, after: number | undefined): number | undefined =>
    before === undefined || after === undefined || after < before ? undefined : ((after - before) / windowNs) * 1e9;
  const cores = perSecond(previous.cpuNs, sample.cpuNs);
  const ownNetwork = context.network === 'own';
  return {
    ...(cores === undefined ? readGauge(sample, context) : cpuOf(cores / 1e9, sample, context)),
    networkReceiveRate: ownNetwork ? perSecond(previous.receivedBytes, sample.receivedBytes) : undefined,
    networkTransmitRate: ownNetwork ? perSecond(previous.transmittedBytes, sample.transmittedBytes) : undefined,
    diskReadRate: perSecond(previous.readBytes, sample.readBytes),
    diskWriteRate: perSecond(previous.writtenBytes, sample.writtenBytes),
  };
}

/** CPU that needs no baseline. */
function readGauge(sample: Sample, context: ReadingContext): Rates {
  return sample.cpuCores === undefined ? {} : cpuOf(sample.cpuCores, sample, context);
}

function cpuOf(cpuCores: number, sample: Sample, context: ReadingContext): Rates {
  const usable = usableCores(context, sample);
  return { cpuCores, cpuPercent: usable === undefined ? undefined : (cpuCores / usable) * 100 };
}

function usableCores(context: ReadingContext, sample: Sample): number | undefined {
  const known = [context.allowance.cpuCores, context.host.cpus || sample.hostCpus];
  const limits = known.filter((cores): cores is number => cores !== undefined && cores > 0);
  return limits.length === 0 ? undefined : Math.min(...limits);
}
