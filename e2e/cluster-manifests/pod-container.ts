import type { V1Container, V1PodSpec } from '@kubernetes/client-node';
import type { Workload } from './workloads.ts';

/**
 * Options and image of `docker run` for the one container of a workload's pod, as its manifest has it: user, what it may
 * do, its bounds, and its volumes, each its own.
 */
export function containerOptions(
  { template, containers }: Workload,
  environment: Readonly<Record<string, string>>,
): readonly string[] {
  const [container] = containers;
  if (template.spec === undefined || container?.image === undefined) throw new Error('it runs no image');
  return [
    ...boundsOf(template.spec, container),
    ...rightsOf(container),
    ...volumesOf(template.spec, container),
    ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    container.image,
  ];
}

function boundsOf({ securityContext }: V1PodSpec, { resources }: V1Container): readonly string[] {
  const { cpu = '1', memory = '' } = resources?.limits ?? {};
  const user = `${securityContext?.runAsUser}:${securityContext?.runAsGroup}`;
  return ['--user', user, '--cpus', cpu, '--memory', bytesOf(memory)];
}

function rightsOf({ securityContext = {} }: V1Container): readonly string[] {
  const { readOnlyRootFilesystem, allowPrivilegeEscalation, capabilities } = securityContext;
  return [
    ...(readOnlyRootFilesystem === true ? ['--read-only'] : []),
    ...(allowPrivilegeEscalation === false ? ['--security-opt', 'no-new-privileges'] : []),
    ...(capabilities?.drop ?? []).flatMap((name) => ['--cap-drop', name]),
  ];
}

function volumesOf({ securityContext, volumes = [] }: V1PodSpec, { volumeMounts = [] }: V1Container) {
  const { runAsUser, runAsGroup } = securityContext ?? {};
  return volumeMounts.flatMap(({ name, mountPath }): readonly string[] => {
    const emptyDir = volumes.find((volume) => volume.name === name)?.emptyDir;
    if (emptyDir === undefined) return ['--volume', mountPath];
    const size = bytesOf(emptyDir.sizeLimit ?? '64Mi');
    return ['--tmpfs', `${mountPath}:uid=${runAsUser},gid=${runAsGroup},size=${size}`];
  });
}

/** `64Mi` as Docker writes it. */
function bytesOf(quantity: string): string {
  return quantity.toLowerCase().replace(/i$/, '');
}
