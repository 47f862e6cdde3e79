import { describe, expect, it } from 'vitest';
import { object } from '../../json.ts';
import { recordedItems, recordedJson, recordedWatch } from '../recorded.ts';
import { decodeNode } from './node.ts';
import { decodePod } from './pod.ts';
import { trimNode, trimPod } from './trim.ts';

const scenarios = ['crashloop', 'create', 'job', 'job-failed', 'oom', 'rollout', 'scale-down'];
const pods = [...recordedItems('pods.json'), ...scenarios.flatMap(recordedWatch).map((event) => event.object)];
const nodes = [...recordedItems('nodes.json'), recordedJson('node-notready.json')];

function trimmed(value: unknown, trim: typeof trimPod): unknown {
  const { metadata, spec, status } = object(value);
  return { metadata, ...trim({ spec, status }) };
}

describe('what is kept of an object', () => {
  it('reads as the whole does, for each recorded pod', () => {
    expect(pods.length).toBeGreaterThan(100);
    for (const pod of pods) expect(decodePod(trimmed(pod, trimPod))).toEqual(decodePod(pod));
  });

  it('reads as the whole does, for each recorded node', () => {
    for (const node of nodes) expect(decodeNode(trimmed(node, trimNode))).toEqual(decodeNode(node));
  });

  it.each([undefined, null, 7, 'text', [], { containers: 'none' }])('stands a pod that is %j', (part) => {
    expect(() =>
      decodePod({ metadata: { uid: 'u', name: 'n' }, ...trimPod({ spec: part, status: part }) }),
    ).not.toThrow();
  });
});
