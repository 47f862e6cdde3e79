import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { repositoryRoot } from '../up/places.ts';
import { conditionOf } from './conditions.ts';
import { createTemplateText } from './template-text.ts';
import { templateOf } from './templates.ts';
import { field, isObject, type Yaml, type YamlObject } from './yaml.ts';

const manifests = join(repositoryRoot, 'manifests');
const base = join(manifests, 'base');
const definitions = join(repositoryRoot, 'crds');
/** A release is put into a namespace that Helm knows of before. */
const notInChart = ['namespace.yaml'];
/** What manifests/base has not, and a value of the chart asks for. */
const optional = ['overlays/minimal/storage.yaml', 'components/shards/shards.yaml'];
const generated = 'by node scripts/helm-chart.ts';

/** The files of the Helm chart, by their path in it, as manifests/ has them. */
export function chartFiles(): ReadonlyMap<string, string> {
  const inBase = resourcesOf(base).filter((file) => file.endsWith('.yaml') && !notInChart.includes(file));
  const files = [...inBase.map((file) => `base/${file}`), ...optional];
  const crds = resourcesOf(definitions);
  return new Map([
    ['Chart.yaml', chartYaml()],
    ['values.yaml', valuesYaml()],
    ...crds.map((file) => [`crds/${file}`, readFileSync(join(definitions, file), 'utf8')] as const),
    ...files.map((file) => [`templates/${basename(file)}`, templateYaml(file)] as const),
  ]);
}

function resourcesOf(folder: string): readonly string[] {
  const file = folder === definitions ? 'Kustomization' : 'kustomization.yaml';
  const { resources } = parse(readFileSync(join(folder, file), 'utf8')) as { readonly resources: readonly string[] };
  return resources;
}

function objectsOf(file: string): readonly YamlObject[] {
  return parseAllDocuments(readFileSync(join(manifests, file), 'utf8')).map((document) => {
    const object: Yaml = document.toJS();
    if (isObject(object)) return object;
    throw new Error(`manifests/${file} has a document that is no object`);
  });
}

function chartYaml(): string {
  const { version } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as { version: string };
  return `# Made from manifests/ ${generated}.\n${stringify({
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
  const [settings = null] = objectsOf('base/settings.yaml');
  const [claim = null] = objectsOf('overlays/minimal/storage.yaml');
  const [controller = null] = objectsOf('base/controller.yaml');
  const container = field(controller, 'spec', 'template', 'spec', 'containers', '0');
  return `# Made from manifests/ ${generated}; give your own with --values.
# tag: default the version of the chart.
${stringify({ image: { repository: field(container, 'image'), tag: '', pullPolicy: field(container, 'imagePullPolicy') } })}
# One leads, the others show the dashboard and take over.
${stringify({ replicas: field(controller, 'spec', 'replicas') })}
# The history, which replicas share. kind: internal (a Postgres of its own), external (one that you have; DATABASE_URL is
# a key of the Secret secretName, and port is for the NetworkPolicy) or file (for one replica, see persistence).
# database.secretName: the Secret with the key password of the internal one, made before.
${stringify({ database: databaseValues() })}
# Above 1: so many of the replicas ask the kubelets, each of its share of the nodes. At most 8. For 100,000 containers
# resources.limits.memory: 4Gi.
shards: 1

# Watch the namespace of the release only.
namespaced: false
# false, with namespaced: no cluster role at all. Readings come from metrics.k8s.io then.
clusterRoles: true

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

function databaseValues(): YamlObject {
  const [database = null] = objectsOf('base/database.yaml');
  const container = field(database, 'spec', 'template', 'spec', 'containers', '0');
  return {
    kind: 'internal',
    secretName: 'foghorn-database',
    port: 5432,
    image: field(container, 'image'),
    storage: field(database, 'spec', 'volumeClaimTemplates', '0', 'spec', 'resources', 'requests', 'storage'),
    resources: field(container, 'resources'),
  };
}

function templateYaml(file: string): string {
  const documents = objectsOf(file).map((object) => {
    const text = createTemplateText();
    const yaml = text.write(templateOf(object, text));
    const condition = conditionOf(object);
    return condition === undefined ? yaml : `{{- if ${condition} }}\n${yaml}{{- end }}\n`;
  });
  return `# Made from manifests/${file} ${generated}.\n${documents.join('---\n')}`;
}
