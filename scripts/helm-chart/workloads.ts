import { HAS_SHARDS, HAS_VOLUME, IS_INTERNAL, IS_SHARED } from './conditions.ts';
import type { TemplateText } from './template-text.ts';
import { change, changeItems, isList, isObject, textAt, type Yaml, type YamlObject } from './yaml.ts';

const POD = ['spec', 'template', 'spec'] as const;

/** The Deployment of the controller. */
export function controllerTemplate(object: YamlObject, text: TemplateText): YamlObject {
  const strategy = text.lines(
    `{{- if ${IS_SHARED} }}`,
    'type: RollingUpdate',
    'rollingUpdate: { maxSurge: 1, maxUnavailable: 0 }',
    '{{- else }}',
    'type: Recreate',
    '{{- end }}',
  );
  const placed = { ...change(object, ['spec', 'replicas'], () => replicas(text)) };
  const withStrategy = change(placed, ['spec', 'strategy'], () => ({ [strategy]: null }));
  const withContainer = changeItems(withStrategy, [...POD, 'containers'], (one) => [controllerContainer(one, text)]);
  const withVolumes = changeItems(withContainer, [...POD, 'volumes'], (volume) =>
    volume['name'] === 'data' ? [dataVolume(volume, text)] : [volume],
  );
  // What is read at the start only: a changed setting makes a new pod.
  const checksum = text.value('{{ toJson .Values.settings | sha256sum }}');
  return change(withVolumes, ['spec', 'template', 'metadata', 'annotations'], () => ({
    'checksum/settings': checksum,
  }));
}

/** The StatefulSet of the database. */
export function databaseTemplate(object: YamlObject, text: TemplateText): YamlObject {
  const withContainer = changeItems(object, [...POD, 'containers'], (container) => [
    {
      ...changeItems(container, ['env'], (variable) => [databasePassword(variable, text)]),
      image: text.value('{{ .Values.database.image }}'),
      resources: { [text.lines('{{- toYaml .Values.database.resources | nindent 12 }}')]: null },
    },
  ]);
  return changeItems(withContainer, ['spec', 'volumeClaimTemplates'], (claim) => [
    change(claim, ['spec', 'resources', 'requests', 'storage'], () => text.value('{{ .Values.database.storage }}')),
  ]);
}

function replicas(text: TemplateText): string {
  const message = 'replicas > 1 need a database that they share: database.kind internal or external';
  return text.value(
    `{{ if or (${IS_SHARED}) (eq (int .Values.replicas) 1) }}{{ .Values.replicas }}{{ else }}{{ fail "${message}" }}{{ end }}`,
  );
}

function controllerContainer(container: YamlObject, text: TemplateText): YamlObject {
  const { env = null } = container;
  return {
    ...container,
    // Node's usual heap, as in components/shards.
    [text.lines(`{{- if ${HAS_SHARDS} }}`, 'args: [node, controller/src/main.ts]', '{{- end }}')]: null,
    image: text.value('"{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"'),
    imagePullPolicy: text.value('{{ .Values.image.pullPolicy }}'),
    envFrom: [
      { configMapRef: { name: 'foghorn-settings' } },
      { secretRef: { name: text.value('{{ .Values.secretName | quote }}') } },
    ],
    env: [...(isList(env) ? env.flatMap((variable) => environment(variable, text)) : []), ...ownVariables(text)],
    resources: { [text.lines('{{- toYaml .Values.resources | nindent 12 }}')]: null },
  };
}

/** Variables that are there only with a database, or only with ours. */
const conditional: Readonly<Record<string, string>> = {
  LEADER_ELECTION: IS_SHARED,
  DATABASE_PASSWORD: IS_INTERNAL,
  DATABASE_URL: IS_INTERNAL,
};

function environment(variable: Yaml, text: TemplateText): readonly Yaml[] {
  if (!isObject(variable)) return [variable];
  const condition = conditional[textAt(variable, 'name')];
  const filled = databasePassword(variable, text);
  return condition === undefined ? [filled] : [text.lines(`{{- if ${condition} }}`), filled, text.lines('{{- end }}')];
}

function databasePassword(variable: YamlObject, text: TemplateText): YamlObject {
  const path = ['valueFrom', 'secretKeyRef', 'name'];
  const isPassword = textAt(variable, 'name').endsWith('_PASSWORD');
  return isPassword ? change(variable, path, () => text.value('{{ .Values.database.secretName | quote }}')) : variable;
}

function ownVariables(text: TemplateText): readonly Yaml[] {
  return [
    text.lines(
      `{{- if ${HAS_SHARDS} }}`,
      '- { name: SHARDS, value: {{ .Values.shards | quote }} }',
      '{{- end }}',
      '{{- if .Values.namespaced }}',
      '- name: CLUSTER_NAMESPACE',
      '  valueFrom: { fieldRef: { fieldPath: metadata.namespace } }',
      '{{- end }}',
    ),
  ];
}

function dataVolume({ emptyDir = null }: YamlObject, text: TemplateText): YamlObject {
  const source = text.lines(
    `{{- if ${HAS_VOLUME} }}`,
    'persistentVolumeClaim: { claimName: foghorn-data }',
    '{{- else }}',
    `emptyDir: ${JSON.stringify(emptyDir)}`,
    '{{- end }}',
  );
  return { name: 'data', [source]: null };
}
