import { join } from 'node:path';
import { createAdmission, type Admission } from '../apiserver/admission.ts';
import { createApi } from '../apiserver/api.ts';
import { secrets } from '../apiserver/builtin-resources.ts';
import type { DockerView } from '../apiserver/docker-view/docker-view.ts';
import { createEmbeddedClient } from '../apiserver/embedded-client.ts';
import { createGarbageCollector } from '../apiserver/garbage.ts';
import { loadSealKey } from '../apiserver/http/seal-key.ts';
import { loadKinds, type Kinds } from '../apiserver/kinds.ts';
import { createSealedStore, isLocked } from '../apiserver/sealed-store.ts';
import { openStore, type Store } from '../apiserver/store.ts';
import type { Clock } from '../clock.ts';
import type { ClusterConfig, Config } from '../config.ts';
import type { ResourceClient } from '../kube/client.ts';
import type { Log } from '../log.ts';
import type { Fence } from '../model/leadership.ts';
import type { Instruments } from '../model/instruments.ts';
import type { PolicyPlace } from '../model/policy.ts';
import type { Problems } from '../problems.ts';
import { validators } from '../reconcile/validators.ts';
import { createApiFace } from './api-face.ts';

/** Where declarations live: an API of our own, or that of a cluster. */
export interface Declarations {
  readonly client: ResourceClient;
  /** For what people do on the page: as a writer of its own, by the same checks as kubectl's. */
  readonly page: {
    readonly client: ResourceClient;
    readonly kinds: Kinds;
    readonly admission: Admission;
    readonly place: PolicyPlace;
  };
  /** Serves them, where that is ours to do. */
  start(isReady: () => boolean): Promise<void>;
  /** Takes no more calls from outside. */
  stopServing(): Promise<void>;
  /** Ends what goes on behind; after everything that asks has ended. */
  stop(): Promise<void>;
  /** After everything that writes has ended. */
  close(): Promise<void>;
}

export interface DeclarationsDeps {
  readonly config: Config;
  readonly crdDir: string;
  /** What our API shows of the hosts; undefined: nothing. */
  readonly view: DockerView | undefined;
  readonly problems: Problems;
  readonly clock: Clock;
  readonly log: Log;
  /** Before each write to a cluster. */
  readonly fence: Fence | undefined;
  readonly instruments: Instruments;
}

export const FIELD_MANAGER = 'foghorn-controller';
/** Of what is told at the start. */
const MAX_NAMES = 20;
const PAGE_FIELD_MANAGER = 'foghorn-dashboard';

export async function openDeclarations(deps: DeclarationsDeps): Promise<Declarations> {
  return deps.config.cluster === undefined ? openEmbedded(deps) : openCluster(deps, deps.config.cluster);
}

/** The API server inside this process, on a file of the data folder. */
async function openEmbedded({ config, crdDir, view, problems, clock, log }: DeclarationsDeps): Promise<Declarations> {
  const pkiDir = join(config.dataDir, 'pki');
  const kinds = await loadKinds(crdDir);
  const sealKey = await loadSealKey(join(pkiDir, 'secrets.key'));
  const store = createSealedStore(openStore({ file: join(config.dataDir, 'objects.db'), clock }), sealKey);
  tellLocked(store, log);
  const admission = createAdmission({ kinds, validators });
  const api = createApi({ store, kinds, admission, clock });
  const garbage = createGarbageCollector({ store, api, kinds, clock, log });
  const ready: { check?: () => boolean } = {};
  const face = await createApiFace(config.api, {
    api,
    kinds,
    store,
    fieldManager: FIELD_MANAGER,
    clock,
    log,
    problems,
    pkiDir,
    view,
    isReady: () => ready.check?.() ?? false,
  });
  return {
    client: createEmbeddedClient({ api, fieldManager: FIELD_MANAGER }),
    page: {
      client: createEmbeddedClient({ api, fieldManager: PAGE_FIELD_MANAGER }),
      kinds,
      admission,
      place: { kind: 'hosts' },
    },
    async start(isReady) {
      ready.check = isReady;
      garbage.start();
      await face.start();
    },
    stopServing: face.stop,
    stop: () => garbage.stop(),
    close: async () => store.close(),
  };
}

function tellLocked(store: Pick<Store, 'list'>, log: Log): void {
  const locked = store.list(secrets, {}).filter(isLocked);
  const names = locked.slice(0, MAX_NAMES).map(({ metadata: { namespace = '', name } }) => `${namespace}/${name}`);
  if (names.length === 0) return;
  log.warn(
    { secrets: names, count: locked.length },
    'Secrets cannot be decrypted: was secrets.key replaced? Put the key back, or delete them',
  );
}

/** A cluster's API server: it serves, checks and collects garbage by itself. The page checks before it asks. */
async function openCluster(
  { crdDir, clock, log, fence, instruments }: DeclarationsDeps,
  { kubeconfig, namespace }: ClusterConfig,
): Promise<Declarations> {
  const { createClusterClient } = await import('../kube/cluster.ts');
  const client = createClusterClient({ kubeconfig, namespace, clock, log, fence, instruments });
  const kinds = await loadKinds(crdDir);
  return {
    client,
    page: {
      client,
      kinds,
      admission: createAdmission({ kinds, validators }),
      place: { kind: 'cluster', only: namespace },
    },
    start: async () => undefined,
    stopServing: async () => undefined,
    stop: async () => undefined,
    close: () => client.close(),
  };
}
