import type { V1Container, V1LabelSelector, V1PodTemplateSpec } from '@kubernetes/client-node';
import { nameOf, ofKind, type ManifestObject } from './built-manifests.ts';

/** What makes pods. */
export interface Workload {
  readonly name: string;
  readonly namespace: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly template: V1PodTemplateSpec;
  readonly containers: readonly V1Container[];
}

export function workloadsOf(objects: readonly ManifestObject[]): readonly Workload[] {
  return ofKind(objects, 'Deployment', 'StatefulSet').map((object) => {
    const { selector, template } = object.spec as {
      readonly selector: V1LabelSelector;
      readonly template: V1PodTemplateSpec;
    };
    return {
      name: nameOf(object),
      namespace: object.metadata.namespace ?? '',
      selector: selector.matchLabels ?? {},
      template,
      containers: [...(template.spec?.initContainers ?? []), ...(template.spec?.containers ?? [])],
    };
  });
}

/** The workload of that name, such as foghorn-controller. */
export function workloadNamed(name: string, objects: readonly ManifestObject[]): Workload {
  const [found] = workloadsOf(objects.filter(({ metadata }) => metadata.name === name));
  if (found === undefined) throw new Error(`there is no workload ${name}`);
  return found;
}

export function selects(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** Where a workload departs from the Pod Security Standard `restricted`, and from what we ask of it besides. */
export function securityFaults({ name, template, containers }: Workload): readonly string[] {
  const spec = template.spec ?? { containers: [] };
  const { runAsNonRoot, runAsUser = 0, seccompProfile } = spec.securityContext ?? {};
  return [
    ...faultsIn(name, [
      ['runs as root', runAsNonRoot !== true || runAsUser === 0],
      ['no seccomp profile', seccompProfile?.type !== 'RuntimeDefault'],
      ['shares a namespace of the host', [spec.hostNetwork, spec.hostPID, spec.hostIPC].includes(true)],
      ['a volume of the host', (spec.volumes ?? []).some(({ hostPath }) => hostPath !== undefined)],
      ['a token that nobody asked for', spec.automountServiceAccountToken === undefined],
    ]),
    ...containers.flatMap((container) => [...privilegeFaults(name, container), ...boundFaults(name, container)]),
  ];
}

function privilegeFaults(
  name: string,
  { name: own, securityContext = {}, ports = [] }: V1Container,
): readonly string[] {
  const { allowPrivilegeEscalation, privileged, readOnlyRootFilesystem, capabilities, ...more } = securityContext;
  return faultsIn(`${name} ${own}`, [
    ['may become more', allowPrivilegeEscalation !== false || privileged === true],
    ['writes its root', readOnlyRootFilesystem !== true],
    ['has capabilities', capabilities?.drop?.[0] !== 'ALL' || capabilities.add !== undefined],
    ['is not as its pod', Object.keys(more).length > 0],
    ['a port of the host', ports.some(({ hostPort }) => hostPort !== undefined)],
  ]);
}

function boundFaults(name: string, { name: own, resources, readinessProbe }: V1Container): readonly string[] {
  const requests = Object.keys(resources?.requests ?? {});
  const limits = Object.keys(resources?.limits ?? {});
  const bounds = ['cpu', 'memory'];
  return faultsIn(`${name} ${own}`, [
    ['no requests', !bounds.every((bound) => requests.includes(bound))],
    ['no limits', !bounds.every((bound) => limits.includes(bound))],
    ['nobody asks whether it is ready', readinessProbe === undefined],
  ]);
}

function faultsIn(name: string, faults: readonly (readonly [fault: string, isThere: boolean])[]): readonly string[] {
  return faults.flatMap(([fault, isThere]) => (isThere ? [`${name}: ${fault}`] : []));
}
