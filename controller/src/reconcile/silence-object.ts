import { silences, type KubeObject } from '../kube/client.ts';
import type { SilenceSpec } from '../model/resources.generated.ts';

/** Which alerts somebody wants to be quiet, and until when. Empty or absent matches all. */
export interface WantedSilence {
  readonly namespace: string;
  readonly policies?: readonly string[] | undefined;
  readonly rules?: readonly string[] | undefined;
  readonly severities?: SilenceSpec['severities'];
  readonly containerNames?: readonly string[] | undefined;
  readonly matchLabels?: Readonly<Record<string, string>> | undefined;
  /** Epoch milliseconds. */
  readonly endsAt: number;
  readonly comment: string;
  readonly author: string;
}

/** `* ? \` would be read as a glob; a name that has one is matched by what surrounds it. */
export function asGlob(name: string): string {
  return name.replaceAll(/[*?]/g, '?');
}

/** A Silence to be created; the server completes its name. */
export function silenceObject(wanted: WantedSilence): KubeObject {
  const { namespace, policies, rules, severities, containerNames, matchLabels, endsAt, comment, author } = wanted;
  const spec: SilenceSpec = {
    ...(isGiven(policies) && { policies }),
    ...(isGiven(rules) && { rules }),
    ...(isGiven(severities) && { severities }),
    ...(isGiven(containerNames) && { containerNames }),
    ...(matchLabels !== undefined && { targetSelector: { matchLabels } }),
    endsAt: new Date(endsAt).toISOString(),
    comment,
    author,
  };
  return {
    apiVersion: `${silences.group}/${silences.version}`,
    kind: silences.kind,
    metadata: { name: '', generateName: 'page-', namespace },
    spec,
  };
}

function isGiven(values: readonly unknown[] | undefined): boolean {
  return values !== undefined && values.length > 0;
}
