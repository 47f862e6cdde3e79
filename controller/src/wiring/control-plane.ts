import { hostname } from 'node:os';
import type { ConditionView } from '../dashboard/reader.ts';
import { defaultPolicies } from '../evaluate/default-policy.ts';
import { monitorPolicies, type KubeObject } from '../kube/client.ts';
import { FIELD_MANAGER, openDeclarations, type Declarations, type DeclarationsDeps } from './declarations.ts';
import { createEventRecorder, type EventRecorder } from '../kube/events.ts';
import { createInformer, type Informer } from '../kube/informer.ts';
import { createWorkQueue } from '../kube/work-queue.ts';
import { createLoadControl, type LoadControl } from './load-control.ts';
import type { LoadSurroundings } from '../loadtest/result.ts';
import type { Alert } from '../model/alert.ts';
import type { MonitorPolicyStatus } from '../model/resources.generated.ts';
import type { AlertSink } from '../pipeline/ledger.ts';
import { createAlertStore } from '../reconcile/alert-store.ts';
import { createBudgetStore, type BudgetStore } from '../reconcile/budget-store.ts';
import { createDefaultPolicies } from '../reconcile/default-policies.ts';
import { createPolicyReconciler, type PolicyPipeline } from '../reconcile/monitor-policy.ts';
import { createNarrator, type Narrator } from '../reconcile/narrator.ts';
import { createPolicyFiles, type PolicyFiles, type PolicyFilesDeps } from '../reconcile/policy-files.ts';
import { createQuieting, type QuietPipeline } from '../reconcile/quieting.ts';
import { storedFirst } from './stored-first.ts';

/** Declarations, and what must outlive the process: store, admission, informer, reconcilers, policy folder, events. */
export interface ControlPlane {
  readonly alertSink: AlertSink;
  readonly budgetStore: BudgetStore;
  restoreAlerts(): Promise<readonly Alert[]>;
  conditions(policyKey: string): readonly ConditionView[];
  readonly narrator: Narrator;
  readonly page: Declarations['page'];
  /** What drives which container now. */
  readonly loads: LoadControl['loads'];
  hasSynced(): boolean;
  /** Applies the default policies and the folder, and begins to reconcile. */
  start(pipeline: PolicyPipeline & QuietPipeline, surroundings: LoadSurroundings): Promise<void>;
  stop(): Promise<void>;
  /** Nobody waits any more for alerts to be stored; after what tells them has ended. */
  stopWaiting(): void;
  /** Closes the store; after everything that writes has ended. */
  close(): Promise<void>;
}

const STOP_MS = 5000;

export async function createControlPlane(deps: DeclarationsDeps): Promise<ControlPlane> {
  const { config, instruments, problems, clock, log } = deps;
  const declarations = await openDeclarations(deps);
  const { client } = declarations;
  const recorder = createEventRecorder({ client, clock, log, component: FIELD_MANAGER, instance: hostname() });
  const alertStore = createAlertStore({ client, recorder, problems, clock });
  const waiting = new AbortController();
  const policyFiles = createFolder(config.policyDir, { client, recorder, problems, clock, log });
  let reconcile: ReturnType<typeof createPolicyReconciler> | undefined;
  const queue = createWorkQueue({
    name: 'monitorpolicies',
    clock,
    log,
    reconcile: async (key) => reconcile?.(key),
    instruments,
  });
  const informer = createInformer({ client, resource: monitorPolicies, instruments, clock, log, onChange: queue.add });
  const lookUp = byKey(informer);
  const loadControl = createLoadControl({ config, client, recorder, instruments, clock, log, fence: deps.fence });
  const quieting = createQuieting({ client, instruments, clock, log });
  const narrator = createNarrator({ recorder, policyObject: lookUp, alertObject: quieting.alertObject });
  return {
    alertSink: config.replica === undefined ? alertStore : storedFirst(alertStore, clock, waiting.signal),
    budgetStore: createBudgetStore(client, config.cluster?.ownNamespace ?? 'default'),
    restoreAlerts: alertStore.load,
    conditions: (policyKey) => (lookUp(policyKey)?.status as MonitorPolicyStatus | undefined)?.conditions ?? [],
    narrator,
    page: declarations.page,
    loads: loadControl.loads,
    hasSynced: informer.hasSynced,
    async start(pipeline, surroundings) {
      reconcile = createPolicyReconciler({ client, lookUp, pipeline, clock, place: declarations.page.place });
      const { databaseUrl, ...defaults } = config.defaults;
      const surrounding = {
        namespace: config.cluster?.namespace,
        hasDatabase: databaseUrl !== undefined,
      };
      const wanted = defaults.enabled ? defaultPolicies({ ...defaults, ...surrounding }) : [];
      await createDefaultPolicies({ client, log }).apply(wanted);
      await policyFiles.start();
      await quieting.start(pipeline);
      informer.start();
      loadControl.start(surroundings);
      await declarations.start(informer.hasSynced);
    },
    async stop() {
      await declarations.stopServing();
      await policyFiles.stop();
      await quieting.stop(STOP_MS);
      await loadControl.stop(STOP_MS);
      await informer.stop();
      await queue.stop(STOP_MS);
      await recorder.stop(STOP_MS);
      await declarations.stop();
    },
    stopWaiting: () => waiting.abort(),
    close: declarations.close,
  };
}

function createFolder(
  folder: string,
  deps: Omit<PolicyFilesDeps, 'folder' | 'onFault'> & { readonly recorder: EventRecorder },
): PolicyFiles {
  return createPolicyFiles({
    ...deps,
    folder,
    onFault: (objects, message) => {
      for (const object of objects) deps.recorder.record(object, 'Warning', 'PolicyFileBroken', message);
    },
  });
}

function byKey(informer: Informer): (key: string) => KubeObject | undefined {
  return (key) => {
    const [namespace = '', name = ''] = key.split('/');
    return informer.get(namespace, name);
  };
}
