import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PodFacts } from './decode/pod.ts';
import { assignSlots, workloadOf, type Slots, type Workload } from './workload.ts';

const shop: Workload = { kind: 'deployment', name: 'shop' };

function pod(name: string, overrides: Partial<PodFacts> = {}): PodFacts {
  return {
    uid: name,
    name,
    namespace: 'default',
    node: 'node-1',
    labels: { 'pod-template-hash': name.split('-')[0] ?? '' },
    owner: { kind: 'ReplicaSet', name: `shop-${name.split('-')[0]}` },
    createdAt: 0,
    phase: 'Running',
    isMeantToEnd: false,
    usesHostNetwork: false,
    ip: '',
    containers: [],
    ...overrides,
  };
}

const leaving = (name: string): PodFacts => pod(name, { deletionAt: 1 });
const slotsOf = (slots: Slots): Record<string, string> => Object.fromEntries(slots);

describe('workloadOf', () => {
  it.each([
    ['a Deployment', pod('a', { owner: { kind: 'ReplicaSet', name: 'web-a' } }), 'deployment/web'],
    ['a ReplicaSet of its own', pod('a', { owner: { kind: 'ReplicaSet', name: 'web' }, labels: {} }), 'replicaset/web'],
    ['a StatefulSet', pod('db-0', { owner: { kind: 'StatefulSet', name: 'db' } }), 'statefulset/db'],
    ['a Job', pod('a', { owner: { kind: 'Job', name: 'import' } }), 'job/import'],
    ['a Job of a CronJob', pod('a', { owner: { kind: 'Job', name: 'sweep-29356020' } }), 'cronjob/sweep'],
    ['nobody', pod('lone', { owner: undefined }), 'pod/lone'],
    ['what is not known', pod('a', { owner: { kind: 'Rollout', name: 'web' } }), 'rollout/web'],
  ])('a pod of %s', (_name, facts, expected) => {
    const { kind, name } = workloadOf(facts);
    expect(`${kind}/${name}`).toBe(expected);
  });
});

describe('assignSlots', () => {
  it('gives each of 5,000 replicas of a rollout the slot of one that it replaces', () => {
    const names = Array.from({ length: 5000 }, (_, index) => String(index).padStart(4, '0'));
    const before = names.map((name) => pod(`old-${name}`));
    const first = assignSlots(shop, before, new Map());
    const slots = assignSlots(shop, [...before, ...names.map((name) => pod(`new-${name}`))], first);
    expect(names.every((name) => slots.get(`new-${name}`) === slots.get(`old-${name}`))).toBe(true);
    expect(new Set(names.map((name) => slots.get(`new-${name}`))).size).toBe(5000);
  });

  it.each<[string, readonly PodFacts[], Record<string, string>, Record<string, string>]>([
    ['numbers replicas', [pod('a-1'), pod('a-2')], {}, { 'a-1': '0', 'a-2': '1' }],
    ['keeps what was given', [pod('a-2'), pod('a-1')], { 'a-2': '0' }, { 'a-2': '0', 'a-1': '1' }],
    [
      'puts a new one in the place of one that leaves',
      [leaving('a-1'), pod('a-2')],
      { 'a-1': '0' },
      { 'a-1': '0', 'a-2': '0' },
    ],
    [
      'pairs generations in a rollout',
      [pod('a-1'), pod('a-2'), pod('b-1')],
      { 'a-1': '0', 'a-2': '1' },
      { 'a-1': '0', 'a-2': '1', 'b-1': '0' },
    ],
    [
      'gives every new one another place',
      [pod('a-1'), pod('b-1'), pod('b-2')],
      { 'a-1': '0', 'b-1': '0' },
      { 'a-1': '0', 'b-1': '0', 'b-2': '1' },
    ],
    ['fills a gap', [pod('a-2'), pod('a-3')], { 'a-2': '1' }, { 'a-2': '1', 'a-3': '0' }],
  ])('%s', (_name, pods, previous, expected) => {
    expect(slotsOf(assignSlots(shop, pods, new Map(Object.entries(previous))))).toEqual(expected);
  });

  it('uses ordinals and nodes where the workload has them', () => {
    const stateful = assignSlots({ kind: 'statefulset', name: 'db' }, [pod('db-0'), pod('db-11')], new Map());
    expect(slotsOf(stateful)).toEqual({ 'db-0': '0', 'db-11': '11' });
    const daemons = assignSlots({ kind: 'daemonset', name: 'agent' }, [pod('x', { node: 'node-7' })], new Map());
    expect(slotsOf(daemons)).toEqual({ x: 'node-7' });
  });

  it('never gives one place to two that stay and are of one generation, and moves nobody', () => {
    const pods = fc.uniqueArray(
      fc.record({ name: fc.constantFrom('a-1', 'a-2', 'a-3', 'b-1', 'b-2', 'b-3'), isLeaving: fc.boolean() }),
      { selector: ({ name }) => name },
    );
    fc.assert(
      fc.property(pods, pods, (before, after) => {
        const facts = (list: typeof before): readonly PodFacts[] =>
          list.map(({ name, isLeaving }) => (isLeaving ? leaving(name) : pod(name)));
        const first = assignSlots(shop, facts(before), new Map());
        const second = assignSlots(shop, facts(after), first);
        const staying = after.filter(({ isLeaving }) => !isLeaving).map(({ name }) => name);
        const places = staying.map((name) => `${name.split('-')[0]} ${second.get(name)}`);
        const moved = after.filter(({ name }) => first.has(name) && first.get(name) !== second.get(name));
        return (
          moved.length === 0 && (before.some(({ isLeaving }) => isLeaving) || new Set(places).size === places.length)
        );
      }),
    );
  });
});
