import { badRequest } from '../kube/status.ts';
import { isRecord, own, type JsonRecord } from './json.ts';

const ACTIVE = 'Active';
/** As Kubernetes marks a namespace whose content must go first. */
const CONTENT_FINALIZER = 'kubernetes';
const NAME_LABEL = 'kubernetes.io/metadata.name';

export const namespaceZero: JsonRecord = { spec: { finalizers: [CONTENT_FINALIZER] }, status: { phase: ACTIVE } };

/** A namespace is active, and has its name as a label, so that selectors can name it. */
export function completeNamespace(namespace: JsonRecord): JsonRecord {
  const metadata = recordOf(namespace, 'metadata');
  const name = own(metadata, 'name');
  const labels =
    typeof name === 'string' ? { ...recordOf(metadata, 'labels'), [NAME_LABEL]: name } : metadata['labels'];
  return {
    ...namespace,
    metadata: labels === undefined ? metadata : { ...metadata, labels },
    spec: { finalizers: [CONTENT_FINALIZER], ...recordOf(namespace, 'spec') },
    status: { phase: ACTIVE, ...recordOf(namespace, 'status') },
  };
}

/** What is written as text is kept as base64, as all data is. Throws BadRequest for data that is none. */
export function completeSecret({ stringData, ...secret }: JsonRecord): JsonRecord {
  const given = recordOf(secret, 'data');
  for (const [key, value] of Object.entries(given)) checkBase64(key, value);
  const texts = Object.entries(isRecord(stringData) ? stringData : {}).map(([key, value]): [string, unknown] => [
    key,
    typeof value === 'string' ? Buffer.from(value, 'utf8').toString('base64') : value,
  ]);
  const data = { ...given, ...Object.fromEntries(texts) };
  return { type: 'Opaque', ...secret, ...(Object.keys(data).length === 0 ? {} : { data }) };
}

function checkBase64(key: string, value: unknown): void {
  if (typeof value !== 'string' || /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)) return;
  throw badRequest(`Secret in version "v1" cannot be handled as a Secret: data[${JSON.stringify(key)}] is not base64`);
}

function recordOf(record: JsonRecord, key: string): JsonRecord {
  const found = own(record, key);
  return isRecord(found) ? found : {};
}
