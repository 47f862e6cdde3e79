import type { V1Probe, V1RoleRef, V1ServiceSpec } from '@kubernetes/client-node';
import { nameOf, ofKind, type ManifestObject } from './built-manifests.ts';
import { selects, workloadsOf, type Workload } from './workloads.ts';

/** Made by the one who installs, for it holds secrets. */
const givenSecrets = ['foghorn/foghorn', 'foghorn/foghorn-database'];

/** Names that lead nowhere: of services, roles, accounts, volumes, settings and ports. */
export function referenceFaults(objects: readonly ManifestObject[]): readonly string[] {
  const workloads = workloadsOf(objects);
  return [
    ...workloads.flatMap((workload) => workloadFaults(workload, objects)),
    ...ofKind(objects, 'Service').flatMap((service) => serviceFaults(service, workloads)),
    ...ofKind(objects, 'RoleBinding', 'ClusterRoleBinding').flatMap((binding) => bindingFaults(binding, objects)),
  ];
}

function workloadFaults(workload: Workload, objects: readonly ManifestObject[]): readonly string[] {
  const { name, namespace, selector, template } = workload;
  const has = (kind: string, wanted: string): boolean =>
    objects.some(
      (object) => object.kind === kind && object.metadata.namespace === namespace && object.metadata.name === wanted,
    );
  const account = template.spec?.serviceAccountName;
  const missing = [
    ...(account === undefined || has('ServiceAccount', account) ? [] : [`account ${account}`]),
    ...settingsOf(workload)
      .filter((wanted) => !has('ConfigMap', wanted))
      .map((wanted) => `ConfigMap ${wanted}`),
    ...secretsOf(workload)
      .filter((wanted) => !has('Secret', wanted) && !givenSecrets.includes(`${namespace}/${wanted}`))
      .map((wanted) => `Secret ${wanted}`),
    ...claimsOf(workload)
      .filter((wanted) => !has('PersistentVolumeClaim', wanted))
      .map((wanted) => `claim ${wanted}`),
    ...missingVolumes(workload, objects),
    ...missingProbePorts(workload),
    ...(selects(selector, template.metadata?.labels ?? {}) ? [] : ['its own pods']),
  ];
  return missing.map((what) => `${name}: misses ${what}`);
}

function settingsOf({ containers }: Workload): readonly string[] {
  return containers.flatMap(({ envFrom = [] }) => envFrom.flatMap(({ configMapRef }) => configMapRef?.name ?? []));
}

function secretsOf({ containers }: Workload): readonly string[] {
  return containers.flatMap(({ env = [], envFrom = [] }) => [
    ...envFrom.flatMap(({ secretRef }) => secretRef?.name ?? []),
    ...env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.name ?? []),
  ]);
}

function claimsOf({ template }: Workload): readonly string[] {
  return (template.spec?.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) => claim?.claimName ?? []);
}

function missingVolumes(
  { name, template, containers }: Workload,
  objects: readonly ManifestObject[],
): readonly string[] {
  const templates = objects.find((object) => nameOf(object) === name)?.spec as {
    readonly volumeClaimTemplates?: readonly ManifestObject[];
  };
  const known = [
    ...(template.spec?.volumes ?? []).map((volume) => volume.name),
    ...(templates.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name),
  ];
  const mounted = containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map((mount) => mount.name));
  return mounted.filter((volume) => !known.includes(volume)).map((volume) => `volume ${volume}`);
}

function missingProbePorts({ containers }: Workload): readonly string[] {
  return containers.flatMap(({ ports = [], startupProbe, livenessProbe, readinessProbe }) =>
    [startupProbe, livenessProbe, readinessProbe]
      .flatMap((probe) => portOf(probe) ?? [])
      .filter((wanted) => !ports.some(({ name, containerPort }) => name === wanted || containerPort === wanted))
      .map((wanted) => `port ${wanted}`),
  );
}

function portOf(probe: V1Probe | undefined): string | number | undefined {
  return probe?.httpGet?.port ?? probe?.tcpSocket?.port;
}

function serviceFaults(service: ManifestObject, workloads: readonly Workload[]): readonly string[] {
  const { selector = {}, ports = [] } = service.spec as V1ServiceSpec;
  const behind = workloads.find(
    ({ namespace, template }) =>
      namespace === service.metadata.namespace && selects(selector, template.metadata?.labels ?? {}),
  );
  if (behind === undefined) return [`${nameOf(service)}: no pods behind it`];
  const open = behind.containers.flatMap((container) => (container.ports ?? []).map(({ name }) => name));
  return ports
    .filter(({ targetPort }) => !open.includes(String(targetPort)))
    .map(({ targetPort }) => `${nameOf(service)}: no port ${targetPort}`);
}

function bindingFaults(binding: ManifestObject, objects: readonly ManifestObject[]): readonly string[] {
  const { kind, name } = binding['roleRef'] as V1RoleRef;
  const namespace = kind === 'Role' ? binding.metadata.namespace : undefined;
  const isThere = objects.some(
    (object) => object.kind === kind && object.metadata.name === name && object.metadata.namespace === namespace,
  );
  return isThere ? [] : [`${nameOf(binding)}: no ${kind} ${name}`];
}
