import type { Clock } from '../../clock.ts';
import { errorMessage, isFoghornError, type FoghornErrorCode } from '../../errors.ts';
import { LaunchError, type Generators, type LaunchOrder, type LoadLauncher } from '../launcher.ts';
import type { JobCluster } from './cluster.ts';
import { decodeJob, decodePod, type JobFacts, type PodFacts } from './decode.ts';
import { jobOf, LABELS } from './job-object.ts';
import { createLogReader } from './read-log.ts';
import { stateOf } from './state.ts';

export interface JobLauncherDeps {
  readonly cluster: JobCluster;
  readonly image: string;
  readonly clock: Clock;
}

/** The least there is: the kubelet ends the pod at its next look, the cluster the Job. */
const AT_ONCE = { spec: { activeDeadlineSeconds: 1 } } as const;
/** Trying again would not help. */
const FINAL: ReadonlySet<FoghornErrorCode> = new Set(['Forbidden', 'Invalid', 'BadRequest', 'NotFound', 'TooLarge']);

/** Generators as pods of Indexed Jobs, one Job for a run, in the namespace of their load test. */
export function createJobLauncher({ cluster, image, clock }: JobLauncherDeps): LoadLauncher {
  const logs = createLogReader(cluster);
  const once = createSharedCalls();
  return {
    kind: 'job',
    list: (owner) => listGenerators(cluster, owner, clock),
    async launch(order) {
      await cluster.createJob(jobOf(order, image)).catch((error: unknown) => {
        // For another generator of the run, or by a pass that ended before it could say so.
        if (!isFoghornError(error, 'AlreadyExists')) throw launchErrorOf(error, order);
      });
    },
    async read({ id, state }) {
      const { namespace, pod } = placeOf(id);
      if (pod === undefined) return { complaint: '' };
      return logs.read({ namespace, name: pod, isEnded: state.kind === 'ended' });
    },
    /**
     * A pod that runs past its deadline gets SIGTERM and keeps its log, where one that is deleted loses both, as do all
     * the pods of a Job that does. An index without a pod has nothing to end but its Job, and waits for force.
     */
    async stop({ id, state }, force) {
      const { namespace, job, pod } = placeOf(id);
      if (state.kind === 'ended') return;
      if (force) await once(`end ${namespace}/${job}`, () => cluster.patchJob(namespace, job, AT_ONCE));
      else if (pod !== undefined) await cluster.patchPod(namespace, pod, AT_ONCE);
    },
    async remove({ id }) {
      const { namespace, job, pod } = placeOf(id);
      await once(`remove ${namespace}/${job}`, () => cluster.deleteJob(namespace, job));
      if (pod !== undefined) logs.forget({ namespace, name: pod });
    },
    close: () => cluster.close(),
  };
}

async function listGenerators(cluster: JobCluster, owner: string | undefined, clock: Clock): Promise<Generators> {
  const selector = owner === undefined ? LABELS.owner : `${LABELS.owner}=${owner}`;
  try {
    const jobs = (await cluster.listJobs(selector)).flatMap((job) => decodeJob(job) ?? []);
    const there = jobs.filter(({ isDeleted }) => !isDeleted);
    const pods = await podsOf(cluster, new Set(there.map(({ namespace }) => namespace)), selector);
    const now = clock.now();
    const generators = there.flatMap((job) => {
      const identity = { owner: job.owner, run: job.run };
      return Array.from({ length: job.completions }, (_, index) => {
        const pod = pods.get(`${job.namespace}/${job.name}/${index}`);
        return { id: idOf(job, index, pod), ...identity, index, state: stateOf(job, index, pod, now) };
      });
    });
    return { generators, away: [] };
  } catch (error) {
    return { generators: [], away: [`the cluster: ${errorMessage(error)}`] };
  }
}

/** By namespace, name of the Job and index: the newest, should there be more than one. */
async function podsOf(
  cluster: JobCluster,
  namespaces: ReadonlySet<string>,
  selector: string,
): Promise<ReadonlyMap<string, PodFacts>> {
  const found = new Map<string, PodFacts>();
  for (const namespace of namespaces) {
    const pods = (await cluster.listPods(namespace, selector)).flatMap((pod) => decodePod(pod) ?? []);
    for (const pod of pods.toSorted((left, right) => left.createdAt - right.createdAt))
      found.set(`${namespace}/${pod.job}/${pod.index}`, pod);
  }
  return found;
}

/** `namespace/job/index`, and `/pod` once there is one. */
function idOf({ namespace, name }: JobFacts, index: number, pod: PodFacts | undefined): string {
  return [namespace, name, index, ...(pod === undefined ? [] : [pod.name])].join('/');
}

function placeOf(id: string): { readonly namespace: string; readonly job: string; readonly pod: string | undefined } {
  const [namespace = '', job = '', _index, pod] = id.split('/');
  return { namespace, job, pod };
}

/** Generators of one Job are ended and removed side by side: for all of them one call does. */
function createSharedCalls(): (key: string, call: () => Promise<void>) => Promise<void> {
  const underWay = new Map<string, Promise<void>>();
  return (key, call) => {
    const made = underWay.get(key) ?? call().finally(() => underWay.delete(key));
    underWay.set(key, made);
    return made;
  };
}

function launchErrorOf(error: unknown, { namespace }: LaunchOrder): LaunchError {
  const isFinal = isFoghornError(error) && FINAL.has(error.code);
  const advice = isFoghornError(error, 'Forbidden') ? '; see "In a cluster" in docs/load-tests.md' : '';
  const message = `no Job can be made in the namespace ${namespace}: ${errorMessage(error)}${advice}`;
  return new LaunchError(message, isFinal, { cause: error });
}
