import { alerts, type KubeObject, type ResourceClient } from '../kube/client.ts';
import { isFoghornError } from '../errors.ts';
import type { Alert } from '../model/alert.ts';
import { ACKNOWLEDGED_ANNOTATION, withoutAcknowledgement } from './acknowledgement.ts';
import { alertObjectName } from './alert-object.ts';

/** The alert's own status is written at the same time; it is a small race. */
const MAX_CONFLICTS = 5;

/** Notes on the object of an alert who takes care of it (or nobody, for undefined); false when there is none. */
export async function markAcknowledged(
  client: ResourceClient,
  alert: Pick<Alert, 'key' | 'policy' | 'rule' | 'target'>,
  by: string | undefined,
): Promise<boolean> {
  const [namespace = ''] = alert.policy.split('/');
  for (let attempt = 1; ; attempt += 1) {
    const present = await client.get(alerts, namespace, alertObjectName(alert));
    if (present === undefined) return false;
    try {
      await client.update(alerts, marked(present, by));
      return true;
    } catch (error) {
      if (!isFoghornError(error, 'Conflict') || attempt >= MAX_CONFLICTS) throw error;
    }
  }
}

function marked(object: KubeObject, by: string | undefined): KubeObject {
  if (by === undefined) return withoutAcknowledgement(object);
  const annotations = { ...object.metadata.annotations, [ACKNOWLEDGED_ANNOTATION]: by };
  return { ...object, metadata: { ...object.metadata, annotations } };
}
