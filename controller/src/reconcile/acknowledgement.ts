import type { KubeObject } from '../kube/client.ts';
import type { AlertSpec } from '../model/resources.generated.ts';

/** On an Alert object: who takes care of it, so that nobody is reminded until it resolves. */
export const ACKNOWLEDGED_ANNOTATION = 'foghorn.dev/acknowledged-by';

const MAX_LENGTH = 256;

/** Who takes care of the alert that an object holds; undefined when nobody does. */
export function acknowledgedBy({ metadata }: KubeObject): string | undefined {
  const by = metadata.annotations?.[ACKNOWLEDGED_ANNOTATION]?.trim().slice(0, MAX_LENGTH);
  return by === '' ? undefined : by;
}

/** Key of the alert that an object holds. */
export function alertKeyOf({ metadata, spec: admitted }: KubeObject): string {
  const spec = admitted as AlertSpec;
  return `${metadata.namespace ?? ''}/${spec.policy}|${spec.rule}|${spec.target.id}`;
}

/** The object without what somebody wrote on it about a firing that is over: it must not speak for the next. */
export function withoutAcknowledgement(object: KubeObject): KubeObject {
  const { [ACKNOWLEDGED_ANNOTATION]: _over, ...annotations } = object.metadata.annotations ?? {};
  return { ...object, metadata: { ...object.metadata, annotations } };
}
