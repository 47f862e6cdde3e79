import { join } from 'node:path';
import type { KubeObject } from '../kube/client.ts';
import { createAdmission, type Admission, type Validator } from './admission.ts';
import { createApi } from './api.ts';
import { loadKinds, type Kinds } from './kinds.ts';
import type { Api } from './operations.ts';
import { openTestStore, type TestStore } from './test-store.ts';

export interface TestApi extends TestStore {
  readonly api: Api;
  readonly kinds: Kinds;
  readonly admission: Admission;
}

const loaded = loadKinds(join(import.meta.dirname, '../../../crds'));
/** Made once: compiling the schemas takes longer than most tests. */
const plain = loaded.then((kinds) => createAdmission({ kinds, validators: {} }));

/** For tests: the API over a new store, with the CRDs of this repository. */
export async function openTestApi(validators?: Readonly<Record<string, Validator>>): Promise<TestApi> {
  const kinds = await loaded;
  const admission = validators === undefined ? await plain : createAdmission({ kinds, validators });
  const opened = openTestStore();
  return {
    ...opened,
    kinds,
    admission,
    api: createApi({ store: opened.store, clock: opened.clock, kinds, admission }),
  };
}

/** For tests: the smallest Silence. */
export function silence(name: string, change: Partial<KubeObject['metadata']> = {}): KubeObject {
  return {
    apiVersion: 'foghorn.dev/v1alpha1',
    kind: 'Silence',
    metadata: { name, namespace: 'default', ...change },
    spec: { duration: '1h' },
  };
}
