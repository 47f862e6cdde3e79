import type { V1PodTemplateSpec } from '@kubernetes/client-node';
import { expect, it } from 'vitest';
import { jobOf } from '../../controller/src/loadtest/job/job-object.ts';
import { apiFaults } from '../cluster-manifests/api-fields.ts';
import { securityFaults } from '../cluster-manifests/workloads.ts';

const job = jobOf(
  {
    owner: '0f2c1e58-93b4-4ab5-8c3a-0a6a4d1f5f77',
    run: 1_700_000_000_000,
    index: 0,
    parallelism: 4,
    name: 'web-high',
    namespace: 'shop',
    planMs: 60_000,
    url: 'http://web',
    args: ['--json'],
    secrets: ['LOADTEST_SECRET_TOKEN'],
  },
  'foghorn-loadgen',
);

it('the Job of a generator has no field that the API does not know, and none of another type', () => {
  expect(apiFaults({ ...job, spec: job.spec })).toEqual([]);
});

it('the pod of a generator is as the restricted security standard wants it', () => {
  const template = job.spec['template'] as V1PodTemplateSpec;
  const containers = template.spec?.containers ?? [];
  const { name, namespace } = job.metadata;
  const faults = securityFaults({ name, namespace, selector: {}, template, containers });
  // It serves nobody.
  expect(faults.filter((fault) => !fault.endsWith('nobody asks whether it is ready'))).toEqual([]);
});
