import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { repositoryRoot } from '../up/places.ts';
import { createTemplateText } from './template-text.ts';
import { conditionOf, field, isObject, templateOf, type Yaml, type YamlObject } from './templates.ts';

const base = join(repositoryRoot, 'manifests/base');
const definitions = join(repositoryRoot, 'crds');
/** A release is put into a namespace that Helm knows of before. */
const notInChart = ['namespace.yaml'];
const generated = 'by node scripts/helm-chart.ts';

/** The files of the Helm chart, by their path in it, as manifests/base has it. */
export function chartFiles(): ReadonlyMap<string, string> {
  const files = resourcesOf(base).filter((file) => file.endsWith('.yaml') && !notInChart.includes(file));
  const crds = resourcesOf(definitions);
  return new Map([
    ['Chart.yaml', chartYaml()],
    ['values.yaml', valuesYaml()],
    ...crds.map((file) => [`crds/${file}`, readFileSync(join(definitions, file), 'utf8')] as const),
    ...files.map((file) => [`templates/${file}`, templateYaml(file)] as const),
  ]);
}

function resourcesOf(folder: string): readonly string[] {
  const file = folder === definitions ? 'Kustomization' : 'kustomization.yaml';
  const { resources } = parse(readFileSync(join(folder, file), 'utf8')) as { readonly resources: readonly string[] };
  return resources;
}

function objectsOf(file: string): readonly YamlObject[] {
  return parseAllDocuments(readFileSync(join(base, file), 'utf8')).map((document) => {
    const object: Yaml = document.toJS();
    if (isObject(object)) return object;
    throw new Error(`manifests/base/${file} has a document that is no object`);
  });
}

function chartYaml(): string {
  const { version } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as { version: string };
  return `# Made from manifests/base ${generated}.\n${stringify({
    apiVersion: 'v2',
    name: 'foghorn',
    description: 'Watches the containers of a cluster and mails what is wrong.',
    type: 'application',
    version,
    appVersion: version,
    kubeVersion: '>=1.29.0-0',
  })}`;
}

function valuesYaml(): string {
  const [settings = null] = objectsOf('settings.yaml');
  const [claim = null] = objectsOf('storage.yaml');
  const [controller = null] = objectsOf('controller.yaml');
  const container = field(controller, 'spec', 'template', 'spec', 'containers', '0');
  return `# Made from manifests/base ${generated}; give your own with --values.
# tag: default the version of the chart.
${stringify({ image: { repository: field(container, 'image'), tag: '', pullPolicy: field(container, 'imagePullPolicy') } })}
# Watch the namespace of the release only.
namespaced: false

# The Secret with passwords and keys, made before: DASHBOARD_PASSWORDS and what else is a secret in docs/settings.md.
secretName: foghorn

# The other settings of docs/settings.md.
${stringify({ settings: field(settings, 'data') })}
${stringify({
  persistence: { enabled: true, size: field(claim, 'spec', 'resources', 'requests', 'storage') },
  networkPolicy: { enabled: true },
  resources: field(container, 'resources'),
})}`;
}

function templateYaml(file: string): string {
  const documents = objectsOf(file).map((object) => {
    const text = createTemplateText();
    const yaml = text.write(templateOf(object, text));
    const condition = conditionOf(object);
    return condition === undefined ? yaml : `{{- if ${condition} }}\n${yaml}{{- end }}\n`;
  });
  return `# Made from manifests/base/${file} ${generated}.\n${documents.join('---\n')}`;
}
