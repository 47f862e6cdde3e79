import type { Clock } from '../../clock.ts';
import { errorMessage, isFoghornError, type FoghornErrorCode } from '../../errors.ts';
import { LaunchError, type Generators, type LaunchOrder, type LoadLauncher } from '../launcher.ts';
import type { JobCluster } from './cluster.ts';
import { decodeJob, decodePod, type PodFacts } from './decode.ts';
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

/** Generators as Jobs of a cluster, in the namespace of their load test. */
export function createJobLauncher({ cluster, image, clock }: JobLauncherDeps): LoadLauncher {
  const logs = createLogReader(cluster);
  return {
    kind: 'job',
    list: (owner) => listGenerators(cluster, owner, clock),
    async launch(order) {
      await cluster.createJob(jobOf(order, image)).catch((error: unknown) => {
        // It was created by a pass that ended before it could say so.
        if (!isFoghornError(error, 'AlreadyExists')) throw launchErrorOf(error, order);
      });
    },
    async read({ id, state }) {
      const { namespace, pod } = placeOf(id);
      if (pod === undefined) return { complaint: '' };
      return logs.read({ namespace, name: pod, isEnded: state.kind === 'ended' });
    },
    /** A pod that runs past its deadline gets SIGTERM and keeps its log, where one that is deleted loses both. */
    async stop({ id, state }, force) {
      const { namespace, job, pod } = placeOf(id);
      if (state.kind === 'ended') return;
      if (pod === undefined || force || state.kind === 'starting') await cluster.patchJob(namespace, job, AT_ONCE);
      else await cluster.patchPod(namespace, pod, AT_ONCE);
    },
    async remove({ id }) {
      const { namespace, job, pod } = placeOf(id);
      await cluster.deleteJob(namespace, job);
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
    const generators = there.map((job) => {
      const pod = pods.get(`${job.namespace}/${job.name}`);
      const identity = { owner: job.owner, run: job.run, index: job.index };
      return { id: idOf(job, pod), ...identity, state: stateOf(job, pod, now) };
    });
    return { generators, away: [] };
  } catch (error) {
    return { generators: [], away: [`the cluster: ${errorMessage(error)}`] };
  }
}

/** By namespace and name of the Job: the newest, should there be more than one. */
async function podsOf(
  cluster: JobCluster,
  namespaces: ReadonlySet<string>,
  selector: string,
): Promise<ReadonlyMap<string, PodFacts>> {
  const found = new Map<string, PodFacts>();
  for (const namespace of namespaces) {
    const pods = (await cluster.listPods(namespace, selector)).flatMap((pod) => decodePod(pod) ?? []);
    for (const pod of pods.toSorted((left, right) => left.createdAt - right.createdAt))
      found.set(`${namespace}/${pod.job}`, pod);
  }
  return found;
}

/** `namespace/job`, and `/pod` once there is one. */
function idOf(job: { readonly namespace: string; readonly name: string }, pod: PodFacts | undefined): string {
  return [job.namespace, job.name, ...(pod === undefined ? [] : [pod.name])].join('/');
}

function placeOf(id: string): { readonly namespace: string; readonly job: string; readonly pod: string | undefined } {
  const [namespace = '', job = '', pod] = id.split('/');
  return { namespace, job, pod };
}

function launchErrorOf(error: unknown, { namespace }: LaunchOrder): LaunchError {
  const isFinal = isFoghornError(error) && FINAL.has(error.code);
  const advice = isFoghornError(error, 'Forbidden') ? '; see "In a cluster" in docs/load-tests.md' : '';
  const message = `no Job can be made in the namespace ${namespace}: ${errorMessage(error)}${advice}`;
  return new LaunchError(message, isFinal, { cause: error });
}
