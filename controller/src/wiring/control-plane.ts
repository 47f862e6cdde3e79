import { hostname } from 'node:os';
import { join } from 'node:path';
import { createAdmission, type Admission } from '../apiserver/admission.ts';
import { createApi } from '../apiserver/api.ts';
import { createEmbeddedClient } from '../apiserver/embedded-client.ts';
import { createGarbageCollector } from '../apiserver/garbage.ts';
import { loadKinds, type Kinds } from '../apiserver/kinds.ts';
import type { Api } from '../apiserver/operations.ts';
import { loadSealKey } from '../apiserver/http/seal-key.ts';
import { createApiFace } from './api-face.ts';
import { createSealedStore } from '../apiserver/sealed-store.ts';
import { openStore, type Store } from '../apiserver/store.ts';
import type { DockerView } from '../apiserver/docker-view/docker-view.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { ConditionView } from '../dashboard/reader.ts';
import { defaultPolicies } from '../evaluate/default-policy.ts';
import { monitorPolicies, type KubeObject, type ResourceClient } from '../kube/client.ts';
import { createEventRecorder, type EventRecorder } from '../kube/events.ts';
import { createInformer, type Informer } from '../kube/informer.ts';
import { createWorkQueue } from '../kube/work-queue.ts';
import { createLoadControl, type LoadControl } from './load-control.ts';
import type { LoadSurroundings } from '../loadtest/result.ts';
import type { Log } from '../log.ts';
import type { Alert } from '../model/alert.ts';
import type { Instruments } from '../model/instruments.ts';
import type { MonitorPolicyStatus } from '../model/resources.generated.ts';
import type { AlertSink } from '../pipeline/ledger.ts';
import type { Problems } from '../problems.ts';
import { createAlertStore } from '../reconcile/alert-store.ts';
import { createBudgetStore, type BudgetStore } from '../reconcile/budget-store.ts';
import { createDefaultPolicies } from '../reconcile/default-policies.ts';
import { createPolicyReconciler, type PolicyPipeline } from '../reconcile/monitor-policy.ts';
import { createNarrator, type Narrator } from '../reconcile/narrator.ts';
import { createPolicyFiles, type PolicyFiles, type PolicyFilesDeps } from '../reconcile/policy-files.ts';
import { createQuieting, type QuietPipeline } from '../reconcile/quieting.ts';
import { validators } from '../reconcile/validators.ts';

/** Declarations, and what must outlive the process: store, admission, informer, reconcilers, policy folder, events. */
export interface ControlPlane {
  readonly alertSink: AlertSink;
  readonly budgetStore: BudgetStore;
  restoreAlerts(): Promise<readonly Alert[]>;
  conditions(policyKey: string): readonly ConditionView[];
  readonly narrator: Narrator;
  /** For what people do on the page: as a writer of its own, by the same checks as kubectl's. */
  readonly page: { readonly client: ResourceClient; readonly kinds: Kinds; readonly admission: Admission };
  /** What drives which container now. */
  readonly loads: LoadControl['loads'];
  hasSynced(): boolean;
  /** Applies the default policies and the folder, and begins to reconcile. */
  start(pipeline: PolicyPipeline & QuietPipeline, surroundings: LoadSurroundings): Promise<void>;
  stop(): Promise<void>;
  /** Closes the store; after everything that writes has ended. */
  close(): void;
}

export interface ControlPlaneDeps {
  readonly config: Config;
  readonly crdDir: string;
  /** What the API shows of the hosts; undefined: nothing. */
  readonly view: DockerView | undefined;
  readonly instruments: Instruments;
  readonly problems: Problems;
  readonly clock: Clock;
  readonly log: Log;
}

const FIELD_MANAGER = 'foghorn-controller';
const PAGE_FIELD_MANAGER = 'foghorn-dashboard';
const STOP_MS = 5000;

export async function createControlPlane({
  config,
  crdDir,
  instruments,
  view,
  problems,
  clock,
  log,
}: ControlPlaneDeps): Promise<ControlPlane> {
  const pkiDir = join(config.dataDir, 'pki');
  const { kinds, admission, store, api } = await openApi(config.dataDir, { crdDir, pkiDir, clock });
  const garbage = createGarbageCollector({ store, api, kinds, clock, log });
  const client = createEmbeddedClient({ api, fieldManager: FIELD_MANAGER });
  const recorder = createEventRecorder({ client, clock, log, component: FIELD_MANAGER, instance: hostname() });
  const alertStore = createAlertStore({ client, recorder, problems, clock });
  const policyFiles = createFolder(config.policyDir, { client, recorder, problems, clock, log });
  let reconcile: ReturnType<typeof createPolicyReconciler> | undefined;
  const queue = createWorkQueue({
    name: 'monitorpolicies',
    clock,
    log,
    reconcile: async (key) => reconcile?.(key),
    instruments,
  });
  const informer = createInformer({ client, resource: monitorPolicies, clock, log, onChange: queue.add });
  const lookUp = byKey(informer);
  const loadControl = createLoadControl({ config, client, recorder, instruments, clock, log });
  const quieting = createQuieting({ client, instruments, clock, log });
  const narrator = createNarrator({ recorder, policyObject: lookUp, alertObject: quieting.alertObject });
  const parts = { api, kinds, store, fieldManager: FIELD_MANAGER, clock, log, problems, pkiDir };
  const face = await createApiFace(config.api, { ...parts, view, isReady: informer.hasSynced });
  return {
    alertSink: alertStore,
    budgetStore: createBudgetStore(client),
    restoreAlerts: alertStore.load,
    conditions: (policyKey) => (lookUp(policyKey)?.status as MonitorPolicyStatus | undefined)?.conditions ?? [],
    narrator,
    page: { client: createEmbeddedClient({ api, fieldManager: PAGE_FIELD_MANAGER }), kinds, admission },
    loads: loadControl.loads,
    hasSynced: informer.hasSynced,
    async start(pipeline, surroundings) {
      reconcile = createPolicyReconciler({ client, lookUp, pipeline, clock });
      const { databaseUrl, ...defaults } = config.defaults;
      const wanted = defaults.enabled ? defaultPolicies({ ...defaults, hasDatabase: databaseUrl !== undefined }) : [];
      await createDefaultPolicies({ client, log }).apply(wanted);
      await policyFiles.start();
      await quieting.start(pipeline);
      informer.start();
      loadControl.start(surroundings);
      garbage.start();
      await face.start();
    },
    async stop() {
      await face.stop();
      await policyFiles.stop();
      await quieting.stop(STOP_MS);
      await loadControl.stop(STOP_MS);
      await informer.stop();
      await queue.stop(STOP_MS);
      await recorder.stop(STOP_MS);
      await garbage.stop();
    },
    close: store.close,
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

async function openApi(
  dataDir: string,
  { crdDir, pkiDir, clock }: { readonly crdDir: string; readonly pkiDir: string; readonly clock: Clock },
): Promise<{ readonly kinds: Kinds; readonly admission: Admission; readonly store: Store; readonly api: Api }> {
  const kinds = await loadKinds(crdDir);
  const sealKey = await loadSealKey(join(pkiDir, 'secrets.key'));
  const store = createSealedStore(openStore({ file: join(dataDir, 'objects.db'), clock }), sealKey);
  const admission = createAdmission({ kinds, validators });
  return { kinds, admission, store, api: createApi({ store, kinds, admission, clock }) };
}
