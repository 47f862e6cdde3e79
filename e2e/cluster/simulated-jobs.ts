import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PodLogs } from '../../controller/src/apiserver/docker-view/pod-logs.ts';
import type { KubeObject } from '../../controller/src/kube/client.ts';
import type { ClusterClient } from '../../controller/src/kube/cluster.ts';
import { badRequest, notFound } from '../../controller/src/kube/status.ts';
import { argumentsOf, jobEnd, jobSpecOf, jobStatus, podOf, podStatus } from './generator-pods.ts';
import { jobs, pods } from './simulated-cluster.ts';

/** A Job controller, its garbage collector and a kubelet at once: each pod of an Indexed Job runs as a process of this machine. */
export interface SimulatedJobs {
  /** Ends the processes that run now, as the kernel does when memory is short. */
  killAll(): void;
  running(): number;
  stop(): Promise<void>;
}

/** What the pods have written, by name; made before the API server that serves it. */
export interface SimulatedLogs {
  readonly podLogs: PodLogs;
  readonly written: Map<string, Buffer[]>;
}

/** Indexes of a Job that have come to their end. */
interface Ended {
  readonly failed: number[];
  readonly completed: number[];
}

interface PodProcess {
  readonly job: KubeObject;
  readonly index: number;
  readonly ended: Ended;
  readonly child: ChildProcess;
  /** It has got SIGTERM; a second one would end it without its report. */
  isAsked: boolean;
  /** It is deleted: nothing of it stays. */
  isLeaving: boolean;
}

const cli = join(import.meta.dirname, '../../loadgen/src/cli.ts');
const LOOK_EVERY_MS = 100;

export function createSimulatedLogs(): SimulatedLogs {
  const written = new Map<string, Buffer[]>();
  return {
    written,
    podLogs: async ({ name }, { tailLines, limitBytes }) => {
      const chunks = written.get(name);
      if (chunks === undefined) throw notFound(pods, name);
      if (tailLines === undefined || limitBytes === undefined) throw badRequest('a log without bounds was asked for');
      const lines = Buffer.concat(chunks)
        .toString('utf8')
        .split(/(?<=\n)/);
      const end = Buffer.from(lines.slice(-tailLines).join('')).subarray(0, limitBytes);
      return (async function* () {
        yield end;
      })();
    },
  };
}

export function startSimulatedJobs(client: ClusterClient, { written }: SimulatedLogs): SimulatedJobs {
  const stopping = new AbortController();
  const processes = new Map<string, PodProcess>();
  const begun = new Set<string>();
  const work = new Set<Promise<void>>();

  async function run(job: KubeObject, index: number, ended: Ended): Promise<void> {
    const { name: jobName, namespace = '' } = job.metadata;
    const name = `${jobName}-${index}-${Math.random().toString(36).slice(2, 7)}`;
    await client.create(pods, podOf(job, index, name));
    const child = spawn(process.execPath, [cli, ...argumentsOf(job, index)], { env: { PATH: process.env['PATH'] } });
    const one: PodProcess = { job, index, ended, child, isAsked: false, isLeaving: false };
    processes.set(name, one);
    const chunks: Buffer[] = [];
    written.set(name, chunks);
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    const closed = once(child, 'close');
    const startedAt = new Date().toISOString();
    await client.patch(pods, namespace, name, { status: podStatus('Running', { running: { startedAt } }) });
    await closed;
    await finish(name, one);
    processes.delete(name);
  }

  async function finish(name: string, { job, index, ended, child, isAsked, isLeaving }: PodProcess): Promise<void> {
    const { name: jobName, namespace = '' } = job.metadata;
    const exitCode = child.exitCode ?? (child.signalCode === 'SIGKILL' ? 137 : 143);
    const isSuccess = exitCode === 0 && !isAsked;
    if (isLeaving) {
      written.delete(name);
      await client.delete(pods, namespace, name);
      await client.patch(jobs, namespace, jobName, { status: jobEnd('DeadlineExceeded') });
      return;
    }
    const late = {
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    };
    const killed = {
      terminated: { exitCode, reason: exitCode === 137 ? 'OOMKilled' : exitCode === 0 ? 'Completed' : 'Error' },
    };
    const status = podStatus(isSuccess ? 'Succeeded' : 'Failed', killed, isAsked ? late : {});
    await client.patch(pods, namespace, name, { status });
    (isSuccess ? ended.completed : ended.failed).push(index);
    await client.patch(jobs, namespace, jobName, { status: jobStatus(jobSpecOf(job), ended) });
  }

  function ask(one: PodProcess): void {
    if (!one.isAsked) one.child.kill('SIGTERM');
    one.isAsked = true;
  }

  function begin(job: KubeObject): void {
    const { uid = '' } = job.metadata;
    if (begun.has(uid)) return;
    begun.add(uid);
    const ended: Ended = { failed: [], completed: [] };
    for (let index = 0; index < jobSpecOf(job).completions; index += 1) {
      const running = run(job, index, ended);
      work.add(running);
      void running.finally(() => work.delete(running));
    }
  }

  /** A pod whose Job is gone or past its time goes with it. */
  function leave(one: PodProcess, job: KubeObject | undefined): void {
    if (job !== undefined && jobSpecOf(job).activeDeadlineSeconds !== 1) return;
    one.isLeaving = true;
    ask(one);
  }

  async function sync({ metadata, spec }: KubeObject, uidsOfJobs: ReadonlySet<string | undefined>): Promise<void> {
    const one = processes.get(metadata.name);
    if (one !== undefined) {
      if ((spec as { readonly activeDeadlineSeconds?: number }).activeDeadlineSeconds === 1) ask(one);
      return;
    }
    const owner = metadata.ownerReferences?.find(({ kind }) => kind === 'Job');
    if (owner === undefined || uidsOfJobs.has(owner.uid)) return;
    await client.delete(pods, metadata.namespace ?? '', metadata.name);
  }

  /** What a Job controller, a garbage collector and a kubelet would do about what they see. */
  async function look(): Promise<void> {
    const presentPods = (await client.list(pods)).items;
    const presentJobs = new Map((await client.list(jobs)).items.map((job) => [job.metadata.uid, job]));
    for (const job of presentJobs.values()) begin(job);
    for (const one of processes.values()) leave(one, presentJobs.get(one.job.metadata.uid));
    for (const pod of presentPods) await sync(pod, new Set(presentJobs.keys()));
  }

  const looking = (async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await look();
      await sleep(LOOK_EVERY_MS);
    }
  })();
  return {
    killAll: () => {
      for (const { child } of processes.values()) child.kill('SIGKILL');
    },
    running: () => processes.size,
    async stop() {
      stopping.abort();
      await looking;
      for (const { child } of processes.values()) child.kill('SIGKILL');
      await Promise.allSettled(work);
    },
  };
}
