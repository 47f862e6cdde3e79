import type { KubeObject, Resource } from '../../controller/src/kube/client.ts';

export const definitions: Resource = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
  namespaced: false,
};

/** MicroTime: an API server refuses fewer than six digits. */
const microTime = {
  type: 'string',
  format: 'date-time',
  pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)$`,
};
const atLeast = (minimum: number): object => ({ type: 'integer', format: 'int32', minimum });

/** Lease for a server of custom resources only, which has no built-in kinds; checked as the built-in is. */
export const leaseDefinition: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {
    name: 'leases.coordination.k8s.io',
    annotations: { 'api-approved.kubernetes.io': 'unapproved, stands in for the built-in kind in tests' },
  },
  spec: {
    group: 'coordination.k8s.io',
    scope: 'Namespaced',
    names: { kind: 'Lease', plural: 'leases', singular: 'lease', listKind: 'LeaseList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  holderIdentity: { type: 'string' },
                  leaseDurationSeconds: atLeast(1),
                  leaseTransitions: atLeast(0),
                  acquireTime: microTime,
                  renewTime: microTime,
                },
              },
            },
          },
        },
      },
    ],
  },
};
