import type { TemplateText } from './template-text.ts';

export type Yaml = null | boolean | number | string | readonly Yaml[] | YamlObject;
export interface YamlObject {
  readonly [key: string]: Yaml;
}

const NAMESPACE = '{{ .Release.Namespace | quote }}';
/** Of these a namespaced installation makes roles of its one namespace. */
const perNamespace = ['foghorn-declarations', 'foghorn-pods'];

/** An object of manifests/base as a template of the chart. */
export function templateOf(object: YamlObject, text: TemplateText): YamlObject {
  const placed = inReleaseNamespace(object, text);
  const name = field(object, 'metadata', 'name');
  switch (object['kind']) {
    case 'ClusterRole':
    case 'ClusterRoleBinding':
      return perNamespace.some((one) => one === name) ? boundByValue(placed, text) : placed;
    case 'ConfigMap':
      return { ...placed, data: { [settingsLines(text)]: null } };
    case 'PersistentVolumeClaim':
      return change(placed, ['spec', 'resources', 'requests', 'storage'], () =>
        text.value('{{ .Values.persistence.size }}'),
      );
    case 'Deployment':
      return deployment(placed, text);
    default:
      return placed;
  }
}

/** The condition under which an object is there; undefined: always. */
export function conditionOf({ kind }: YamlObject): string | undefined {
  if (kind === 'PersistentVolumeClaim') return '.Values.persistence.enabled';
  return kind === 'NetworkPolicy' ? '.Values.networkPolicy.enabled' : undefined;
}

function inReleaseNamespace(value: YamlObject, text: TemplateText): YamlObject {
  const walk = (part: Yaml, key: string): Yaml => {
    if (isList(part)) return part.map((item) => walk(item, key));
    if (isObject(part)) return Object.fromEntries(Object.entries(part).map(([name, one]) => [name, walk(one, name)]));
    return key === 'namespace' && part === 'foghorn' ? text.value(NAMESPACE) : part;
  };
  const walked = walk(value, '');
  return isObject(walked) ? walked : value;
}

function boundByValue(object: YamlObject, text: TemplateText): YamlObject {
  const either = (kind: string): string =>
    text.value(`{{ if .Values.namespaced }}${kind}{{ else }}Cluster${kind}{{ end }}`);
  const namespace = text.lines('{{- if .Values.namespaced }}', `namespace: ${NAMESPACE}`, '{{- end }}');
  const bound = change(object, ['metadata'], (metadata) =>
    isObject(metadata) ? { ...metadata, [namespace]: null } : {},
  );
  if (object['kind'] === 'ClusterRole') return { ...bound, kind: either('Role') };
  return { ...change(bound, ['roleRef', 'kind'], () => either('Role')), kind: either('RoleBinding') };
}

function settingsLines(text: TemplateText): string {
  return text.lines(
    '{{- range $name, $value := .Values.settings }}',
    '{{ $name }}: {{ $value | quote }}',
    '{{- end }}',
  );
}

function deployment(object: YamlObject, text: TemplateText): YamlObject {
  const container = (value: Yaml): Yaml => (isObject(value) ? containerTemplate(value, text) : value);
  const pod = ['spec', 'template', 'spec'] as const;
  const withContainer = change(object, [...pod, 'containers'], (list) => (isList(list) ? list.map(container) : list));
  const withVolumes = change(withContainer, [...pod, 'volumes'], (list) =>
    isList(list) ? list.map((volume) => (field(volume, 'name') === 'data' ? dataVolume(text) : volume)) : list,
  );
  // What is read at the start only: a changed setting makes a new pod.
  const checksum = text.value('{{ toJson .Values.settings | sha256sum }}');
  return change(withVolumes, ['spec', 'template', 'metadata', 'annotations'], () => ({
    'checksum/settings': checksum,
  }));
}

function containerTemplate(container: YamlObject, text: TemplateText): YamlObject {
  const { env = null } = container;
  const bound = text.lines(
    '{{- if .Values.namespaced }}',
    '- name: CLUSTER_NAMESPACE',
    '  valueFrom: { fieldRef: { fieldPath: metadata.namespace } }',
    '{{- end }}',
  );
  return {
    ...container,
    image: text.value('"{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"'),
    imagePullPolicy: text.value('{{ .Values.image.pullPolicy }}'),
    envFrom: [
      { configMapRef: { name: 'foghorn-settings' } },
      { secretRef: { name: text.value('{{ .Values.secretName | quote }}') } },
    ],
    env: isList(env) ? [...env, bound] : [bound],
    resources: { [text.lines('{{- toYaml .Values.resources | nindent 12 }}')]: null },
  };
}

function dataVolume(text: TemplateText): YamlObject {
  const source = text.lines(
    '{{- if .Values.persistence.enabled }}',
    'persistentVolumeClaim: { claimName: foghorn-data }',
    '{{- else }}',
    'emptyDir: { sizeLimit: 256Mi }',
    '{{- end }}',
  );
  return { name: 'data', [source]: null };
}

/** The object with what is at the path replaced. */
function change(object: YamlObject, path: readonly string[], replace: (value: Yaml) => Yaml): YamlObject {
  const [key = '', ...rest] = path;
  const value = object[key] ?? null;
  if (rest.length === 0) return { ...object, [key]: replace(value) };
  return { ...object, [key]: change(isObject(value) ? value : {}, rest, replace) };
}

/** What is at the path; null when there is nothing. */
export function field(value: Yaml, ...path: readonly string[]): Yaml {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (isList(value)) return field(value[Number(key)] ?? null, ...rest);
  return isObject(value) ? field(value[key] ?? null, ...rest) : null;
}

function isList(value: Yaml): value is readonly Yaml[] {
  return Array.isArray(value);
}

export function isObject(value: Yaml): value is YamlObject {
  return typeof value === 'object' && value !== null && !isList(value);
}
