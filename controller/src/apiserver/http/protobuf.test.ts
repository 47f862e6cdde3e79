import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StatusError } from '../../kube/status.ts';
import { decodeProtobuf } from './protobuf.ts';

/** Bodies that kubectl 1.33 sent. */
const recorded: readonly (readonly [string, string, unknown])[] = [
  [
    'create namespace golden',
    'azhzAAoPCgJ2MRIJTmFtZXNwYWNlEh4KFgoGZ29sZGVuEgAaACIAKgAyADgAQgASABoCCgAaACIA',
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'golden', generation: 0 }, spec: {} },
  ],
  [
    'create secret generic s1 --from-literal=a=b',
    'azhzAAoMCgJ2MRIGU2VjcmV0EiQKGAoCczESABoGZ29sZGVuIgAqADIAOABCABIGCgFhEgFiGgAaACIA',
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's1', namespace: 'golden', generation: 0 },
      data: { a: 'Yg==' },
    },
  ],
  [
    'auth can-i update mp --subresource=status',
    'azhzAAoyChdhdXRob3JpemF0aW9uLms4cy5pby92MRIXU2VsZlN1YmplY3RBY2Nlc3NSZXZpZXcSWwoQCgASABoAIgAqADIAOABCABI9CjsKB2RlZmF1bHQSBnVwZGF0ZRoLZm9naG9ybi5kZXYiACoPbW9uaXRvcnBvbGljaWVzMgZzdGF0dXM6ABoICAASABoAIAAaACIA',
    {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      metadata: { generation: 0 },
      spec: {
        resourceAttributes: {
          namespace: 'default',
          verb: 'update',
          group: 'foghorn.dev',
          resource: 'monitorpolicies',
          subresource: 'status',
        },
      },
    },
  ],
];

/** As Helm's typed client deletes the Secret of a release; made by hand after generated.proto. */
const deletion = 'azhzAAoTCgJ2MRINRGVsZXRlT3B0aW9ucxIYEgUKA3UtMSIKQmFja2dyb3VuZCoDQWxsGgAiAA==';

describe('protobuf of kubectl', () => {
  it('reads the options of a deletion, as Helm sends them', () => {
    expect(decodeProtobuf(Buffer.from(deletion, 'base64'))).toEqual({
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      preconditions: { uid: 'u-1' },
      propagationPolicy: 'Background',
      dryRun: ['All'],
    });
  });

  it.each(recorded)('%s', (_command, body, object) => {
    expect(decodeProtobuf(Buffer.from(body, 'base64'))).toEqual(object);
  });

  it('refuses whatever else is sent with a Status', () => {
    const valid = Buffer.from(recorded[1]?.[1] ?? '', 'base64');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(valid.length), (noise, at) => {
        for (const body of [noise, Buffer.concat([valid.subarray(0, at), noise])]) {
          expect([undefined, 400]).toContain(faultOf(() => decodeProtobuf(body)));
        }
      }),
    );
  });
});

/** The code of the Status that it throws. */
function faultOf(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (thrown) {
    return thrown instanceof StatusError ? thrown.status.code : thrown;
  }
}
