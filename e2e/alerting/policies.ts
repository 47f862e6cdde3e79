import { defaultPolicies } from '../../controller/src/evaluate/default-policy.ts';
import { INTERVAL_S } from './stand.ts';

/** What the product watches for when nobody says otherwise; but for the interval as `settings.ts` has it. */
const [builtIn] = defaultPolicies({
  cpuThreshold: 80,
  memoryThreshold: 60,
  cooldownMs: 300_000,
  intervalMs: INTERVAL_S * 1000,
  hasDatabase: false,
});

/** The built-in policy for these containers only, told to a reader of its own. */
export interface OwnPolicy {
  readonly name: string;
  readonly reader: string;
  readonly containerNames: readonly string[];
  /** Fields of a MonitorPolicy's spec over those of the built-in policy. */
  readonly spec?: Readonly<Record<string, unknown>> | undefined;
}

export function buildManifest({ name, reader, containerNames, spec }: OwnPolicy): object {
  return {
    ...builtIn,
    metadata: { name },
    spec: { ...builtIn?.spec, containerNames, notify: { email: { to: [reader] } }, ...spec },
  };
}
