import { expect, it } from 'vitest';
import type { PolicyPlace } from '../model/policy.ts';
import { namespaceLimit, watchedNamespaces } from './policy-namespaces.ts';

const hosts: PolicyPlace = { kind: 'hosts' };
const cluster: PolicyPlace = { kind: 'cluster' };
const limited: PolicyPlace = { kind: 'cluster', only: 'shop' };

it.each([
  ['on hosts, without one', hosts, undefined, undefined],
  ['on hosts, by name', hosts, { matchNames: ['bank'] }, undefined],
  ['in a cluster, without one', cluster, undefined, ['shop']],
  ['in a cluster, an empty one', cluster, {}, ['shop']],
  ['in a cluster, any', cluster, { any: true }, undefined],
  ['in a cluster, by name', cluster, { any: false, matchNames: ['bank', 'shop'] }, ['shop', 'bank']],
  ['in one namespace, any', limited, { any: true }, undefined],
])('a policy of shop %s', (_name, place, namespaceSelector, expected) => {
  expect(watchedNamespaces({ namespaceSelector } as Parameters<typeof watchedNamespaces>[0], 'shop', place)).toEqual(
    expected,
  );
});

it.each([
  ['on hosts, any', hosts, { any: true }, undefined],
  [
    'on hosts, by name',
    hosts,
    { matchNames: ['bank'] },
    'note: namespaceSelector is without meaning outside of a cluster',
  ],
  ['in a cluster, by name', cluster, { matchNames: ['bank'] }, undefined],
  ['in one namespace, without one', limited, undefined, undefined],
  ['in one namespace, its own', limited, { matchNames: ['shop'] }, undefined],
  [
    'in one namespace, any',
    limited,
    { any: true },
    'note: of all namespaces, the controller sees the namespace shop only (CLUSTER_NAMESPACE)',
  ],
  [
    'in one namespace, another',
    limited,
    { matchNames: ['shop', 'bank'] },
    'unseen: containers of bank are not watched: the controller sees the namespace shop only (CLUSTER_NAMESPACE)',
  ],
])('what keeps a policy from its namespaces %s', (_name, place, namespaceSelector, expected) => {
  const limit = namespaceLimit({ namespaceSelector } as Parameters<typeof namespaceLimit>[0], place);
  expect(limit && `${limit.kind}: ${limit.message}`).toBe(expected);
});
