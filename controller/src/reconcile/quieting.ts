import type { Clock } from '../clock.ts';
import { alerts, silences as silenceResource, type KubeObject, type ResourceClient } from '../kube/client.ts';
import { createInformer, type Informer } from '../kube/informer.ts';
import { createWorkQueue } from '../kube/work-queue.ts';
import type { Log } from '../log.ts';
import type { Alert } from '../model/alert.ts';
import type { Instruments } from '../model/instruments.ts';
import { acknowledgedBy, alertKeyOf } from './acknowledgement.ts';
import { alertObjectName, namespaceOf } from './alert-object.ts';
import { applySilence, createSilenceReconciler, type SilencePipeline } from './silence.ts';

/** What people do to keep mails back: Silence objects, and acknowledgements on Alert objects. */
export interface Quieting {
  /** Resolves when all silences that are declared are in force, so that the first tick tells nothing they hold back. */
  start(pipeline: QuietPipeline): Promise<void>;
  stop(timeoutMs: number): Promise<void>;
  /** The object that holds an alert, as it was last seen. */
  alertObject(alert: Alert): KubeObject | undefined;
}

/** What it needs of the pipeline. */
export interface QuietPipeline {
  readonly silences: SilencePipeline;
  acknowledge(alertKey: string, by: string | undefined): void;
}

/** A store that cannot be read must not keep the controller from watching. */
const SYNC_MS = 5000;

export function createQuieting(deps: {
  readonly client: ResourceClient;
  readonly instruments?: Pick<Instruments, 'queue' | 'informer'> | undefined;
  readonly clock: Clock;
  readonly log: Log;
}): Quieting {
  const { client, instruments, clock, log } = deps;
  let reconcile: ReturnType<typeof createSilenceReconciler> | undefined;
  let takeAlert: ((object: KubeObject) => void) | undefined;
  const queue = createWorkQueue({
    name: 'silences',
    clock,
    log,
    instruments,
    reconcile: async (key) => reconcile?.(key),
  });
  const silences = createInformer({ client, resource: silenceResource, instruments, clock, log, onChange: queue.add });
  const marks = createInformer({
    client,
    resource: alerts,
    instruments,
    clock,
    log,
    onChange: (_key, object) => takeAlert?.(object),
  });
  return {
    alertObject: (alert) => marks.get(namespaceOf(alert), alertObjectName(alert)),
    async start(pipeline) {
      takeAlert = (object) => pipeline.acknowledge(alertKeyOf(object), acknowledgedBy(object));
      const lookUp = (key: string): KubeObject | undefined => {
        const [namespace = '', name = ''] = key.split('/');
        return silences.get(namespace, name);
      };
      reconcile = createSilenceReconciler({ client, lookUp, silences: pipeline.silences, clock });
      silences.start();
      marks.start();
      await waitFor(silences, clock);
      for (const object of silences.list())
        applySilence(pipeline.silences, `${object.metadata.namespace ?? ''}/${object.metadata.name}`, object);
    },
    async stop(timeoutMs) {
      await Promise.all([silences.stop(), marks.stop()]);
      await queue.stop(timeoutMs);
    },
  };
}

async function waitFor(informer: Informer, clock: Clock): Promise<void> {
  const done = new AbortController();
  const deadline = clock.sleep(SYNC_MS, done.signal).catch((error: unknown) => {
    if (!done.signal.aborted) throw error;
  });
  await Promise.race([informer.synced, deadline]);
  done.abort();
}
