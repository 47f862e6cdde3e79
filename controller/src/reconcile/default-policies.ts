import { monitorPolicies, type KubeObject, type ResourceClient } from '../kube/client.ts';
import type { Log } from '../log.ts';
import { applyObject, owned, SOURCE_LABEL } from './apply.ts';
import { SETTINGS_SOURCE } from './origin.ts';

/** Keeps the policies that the environment asks for; those it no longer asks for are removed. */
export function createDefaultPolicies({ client, log }: { readonly client: ResourceClient; readonly log: Log }): {
  apply(wanted: readonly KubeObject[]): Promise<void>;
} {
  return {
    async apply(wanted) {
      for (const policy of wanted) {
        if (await isTaken(client, policy)) {
          log.info(
            { policy: policy.metadata.name },
            'a policy of this name is declared elsewhere: the built-in one stands back',
          );
          continue;
        }
        await applyObject(client, monitorPolicies, owned(policy, SETTINGS_SOURCE, 'environment'), { dryRun: false });
      }
      const names = new Set(wanted.map(({ metadata }) => metadata.name));
      const { items } = await client.list(monitorPolicies, { labelSelector: `${SOURCE_LABEL}=${SETTINGS_SOURCE}` });
      for (const { metadata } of items) {
        if (!names.has(metadata.name)) await client.delete(monitorPolicies, metadata.namespace ?? '', metadata.name);
      }
    },
  };
}

/** Somebody who declares a policy `default` of their own means to replace the built-in one. */
async function isTaken(client: ResourceClient, { metadata }: KubeObject): Promise<boolean> {
  const present = await client.get(monitorPolicies, metadata.namespace ?? '', metadata.name);
  return present !== undefined && present.metadata.labels?.[SOURCE_LABEL] !== SETTINGS_SOURCE;
}
