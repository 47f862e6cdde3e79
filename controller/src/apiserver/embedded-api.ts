import type { Clock } from '../clock.ts';
import type { ResourceClient } from '../kube/client.ts';
import type { Log } from '../log.ts';
import { createAdmission, type Validator } from './admission.ts';
import { createApi } from './api.ts';
import { createEmbeddedClient } from './embedded-client.ts';
import { createGarbageCollector } from './garbage.ts';
import { loadKinds, type Kinds } from './kinds.ts';
import type { Api } from './operations.ts';
import { openStore } from './store.ts';

export interface EmbeddedApi {
  readonly api: Api;
  readonly kinds: Kinds;
  readonly client: ResourceClient;
  /** Ends watches and garbage collection, and lets go of the file. */
  stop(): Promise<void>;
}

export interface EmbeddedApiOptions {
  /** The one file in which all objects are. */
  readonly file: string;
  /** Folder of CustomResourceDefinitions. */
  readonly crdDir: string;
  /** Further rules, by kind. */
  readonly validators: Readonly<Record<string, Validator>>;
  /** Name under which the controller writes. */
  readonly fieldManager: string;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The Kubernetes-compatible API of a controller without a cluster. Throws AlreadyRunning when another process uses the
 * file, and InvalidConfig when the file or a CRD cannot be used.
 */
export async function openEmbeddedApi(options: EmbeddedApiOptions): Promise<EmbeddedApi> {
  const { clock, log } = options;
  const kinds = await loadKinds(options.crdDir);
  const admission = createAdmission({ kinds, validators: options.validators });
  const store = openStore({ file: options.file, clock });
  const api = createApi({ store, kinds, admission, clock });
  const garbage = createGarbageCollector({ store, api, kinds, clock, log });
  garbage.start();
  return {
    api,
    kinds,
    client: createEmbeddedClient({ api, fieldManager: options.fieldManager }),
    async stop() {
      await garbage.stop();
      store.close();
    },
  };
}
