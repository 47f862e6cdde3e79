import type { Clock } from '../clock.ts';
import { publishDefinitions } from './definitions.ts';
import type { Kinds } from './kinds.ts';
import { keepNamespaces } from './namespaces.ts';
import type { Api } from './operations.ts';
import type { Store } from './store.ts';

export interface PublishDeps {
  readonly api: Api;
  readonly store: Store;
  readonly kinds: Kinds;
  readonly fieldManager: string;
  readonly clock: Clock;
}

/** Shows, as objects, which kinds and namespaces there are. Gives back how to stop. */
export function publish({ api, kinds, store, fieldManager, clock }: PublishDeps): () => void {
  const options = { fieldManager };
  publishDefinitions(api, kinds, options, clock.now());
  return keepNamespaces({ api, store, kinds, options });
}
