import type { PolicyPlace } from '../model/policy.ts';
import type { MonitorPolicySpec } from '../model/resources.generated.ts';

type Selecting = Pick<MonitorPolicySpec, 'namespaceSelector'>;

/** Namespaces whose containers a policy watches: its own, and those that it names. Undefined: all. */
export function watchedNamespaces(
  { namespaceSelector }: Selecting,
  own: string,
  place: PolicyPlace,
): readonly string[] | undefined {
  if (place.kind === 'hosts' || namespaceSelector?.any === true) return undefined;
  return [...new Set([own, ...(namespaceSelector?.matchNames ?? [])])];
}

/** What keeps a policy from namespaces that it asks for, for people; undefined when nothing does. */
export type NamespaceLimit =
  /** Others that it names are not seen: what it wants cannot be had. */
  | { readonly kind: 'unseen'; readonly message: string }
  /** It gets what there is. */
  | { readonly kind: 'note'; readonly message: string };

export function namespaceLimit({ namespaceSelector }: Selecting, place: PolicyPlace): NamespaceLimit | undefined {
  const { any = false, matchNames = [] } = namespaceSelector ?? {};
  if (place.kind === 'hosts') {
    if (matchNames.length === 0) return undefined;
    return { kind: 'note', message: 'namespaceSelector is without meaning outside of a cluster' };
  }
  const { only } = place;
  if (only === undefined) return undefined;
  const why = `the controller sees the namespace ${only} only (CLUSTER_NAMESPACE)`;
  if (any) return { kind: 'note', message: `of all namespaces, ${why}` };
  const unseen = matchNames.filter((name) => name !== only);
  if (unseen.length === 0) return undefined;
  return { kind: 'unseen', message: `containers of ${unseen.join(', ')} are not watched: ${why}` };
}
