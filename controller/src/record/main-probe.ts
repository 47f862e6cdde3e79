import type { ProbeResult } from '../model/observation.ts';

/** The probe that stands for its protocol where there is room for one: the first by name. */
export function mainProbe(
  probes: Readonly<Record<string, ProbeResult>>,
  protocol: ProbeResult['protocol'],
): ProbeResult | undefined {
  const names = Object.keys(probes).sort();
  for (const name of names) {
    const probe = probes[name];
    if (probe?.protocol === protocol) return probe;
  }
  return undefined;
}
