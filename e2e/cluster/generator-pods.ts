import type { KubeObject } from '../../controller/src/kube/client.ts';
import { NODE } from './simulated-cluster.ts';

/** How the one container of a generator's pod stands. */
export type ContainerState =
  | { readonly waiting: { readonly reason: string; readonly message: string } }
  | { readonly running: { readonly startedAt: string } }
  | { readonly terminated: { readonly exitCode: number; readonly reason: string } };

interface JobSpec {
  readonly activeDeadlineSeconds: number;
  readonly completions: number;
  readonly template: {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> };
    readonly spec: { readonly containers: readonly { readonly args: readonly string[] }[] };
  };
}

export function jobSpecOf(job: KubeObject): JobSpec {
  return job.spec as JobSpec;
}

/** The command line of the generator, as a kubelet would read it. */
export function argumentsOf(job: KubeObject, index: number): readonly string[] {
  const [container] = jobSpecOf(job).template.spec.containers;
  return (container?.args ?? []).map((argument) =>
    argument.replaceAll(/\$\$|\$\(JOB_COMPLETION_INDEX\)/g, (found) => (found === '$$' ? '$' : String(index))),
  );
}

const INDEX = 'batch.kubernetes.io/job-completion-index';

export function podOf(job: KubeObject, index: number, name: string): KubeObject {
  const { template } = jobSpecOf(job);
  const { namespace = '', uid = '' } = job.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: {
        ...template.metadata.labels,
        'batch.kubernetes.io/job-name': job.metadata.name,
        [INDEX]: String(index),
      },
      annotations: { [INDEX]: String(index) },
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: job.metadata.name, uid, controller: true }],
    },
    spec: { ...template.spec, nodeName: NODE },
    status: { phase: 'Pending' },
  };
}

/** Status of a pod as it was recorded of a Job's. */
export function podStatus(phase: string, state: ContainerState, why: object = {}): object {
  const ready = 'running' in state;
  const lastTransitionTime = new Date().toISOString();
  return {
    ...why,
    phase,
    conditions: [
      { type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime },
      { type: 'PodScheduled', status: 'True', lastTransitionTime },
    ],
    containerStatuses: [{ name: 'generator', state, ready, restartCount: 0 }],
  };
}

/** Status of an Indexed Job of so many pods, of which those have come to their end. */
export function jobStatus(
  { completions }: Pick<JobSpec, 'completions'>,
  { failed, completed }: { readonly failed: readonly number[]; readonly completed: readonly number[] },
): object {
  const indexes = { failedIndexes: failed.join(','), completedIndexes: completed.join(',') };
  if (failed.length + completed.length < completions) return indexes;
  return { ...indexes, ...jobEnd(failed.length === 0 ? 'CompletionsReached' : 'FailedIndexes') };
}

/** Conditions of a Job that has come to its end. */
export function jobEnd(reason: 'CompletionsReached' | 'FailedIndexes' | 'DeadlineExceeded'): object {
  const types = reason === 'CompletionsReached' ? ['SuccessCriteriaMet', 'Complete'] : ['FailureTarget', 'Failed'];
  return { conditions: types.map((type) => ({ type, status: 'True', reason, message: `the Job ended: ${reason}` })) };
}
