import { IS_EXTERNAL } from './conditions.ts';
import type { TemplateText } from './template-text.ts';
import { controllerTemplate, databaseTemplate } from './workloads.ts';
import { change, changeItems, field, isList, isObject, type Yaml, type YamlObject } from './yaml.ts';

const NAMESPACE = '{{ .Release.Namespace | quote }}';
/** Of these a namespaced installation makes roles of its one namespace. */
const perNamespace = ['foghorn-declarations', 'foghorn-pods', 'foghorn-load-generators'];

/** An object of the manifests as a template of the chart. */
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
      return controllerTemplate(placed, text);
    case 'StatefulSet':
      return databaseTemplate(placed, text);
    case 'NetworkPolicy':
      return networkTemplate(placed, text);
    default:
      return placed;
  }
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

/** A database that is not ours may be anywhere, and listen elsewhere. */
function networkTemplate(object: YamlObject, text: TemplateText): YamlObject {
  return changeItems(object, ['spec', 'egress'], (rule) => {
    if (field(rule, 'ports', '0', 'port') !== 5432) return [rule];
    const external = text.lines(
      `{{- if ${IS_EXTERNAL} }}`,
      '- ports:',
      '    - { protocol: TCP, port: {{ .Values.database.port }} }',
      '{{- else }}',
    );
    return [external, rule, text.lines('{{- end }}')];
  });
}
