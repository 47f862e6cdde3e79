import type { RbacV1Subject, V1PolicyRule, V1RoleRef } from '@kubernetes/client-node';
import { ofKind, type ManifestObject } from './built-manifests.ts';

/** One thing that an account may do. `namespace` undefined: in all; `name` undefined: of any name. */
export interface Right {
  readonly namespace?: string | undefined;
  /** `alerts.foghorn.dev/status`; of the core group just `pods`. */
  readonly resource: string;
  readonly verb: string;
  readonly name?: string | undefined;
}

/** Everything that roles grant to a service account, one by one. */
export function rightsOf(objects: readonly ManifestObject[], account: string): readonly Right[] {
  return ofKind(objects, 'ClusterRoleBinding', 'RoleBinding')
    .filter((binding) => subjectsOf(binding).some(({ kind, name }) => kind === 'ServiceAccount' && name === account))
    .flatMap((binding) => {
      const { kind, name } = binding['roleRef'] as V1RoleRef;
      const { namespace } = binding.metadata;
      const role = objects.find((object) => object.kind === kind && object.metadata.name === name);
      return rulesOf(role).flatMap((rule) => expand(rule, namespace));
    });
}

export function rulesOf(role: ManifestObject | undefined): readonly V1PolicyRule[] {
  return (role?.['rules'] ?? []) as readonly V1PolicyRule[];
}

export function rightText({ namespace, verb, resource, name }: Right): string {
  const place = namespace === undefined ? '' : ` in ${namespace}`;
  return `${verb} ${resource}${name === undefined ? '' : ` ${name}`}${place}`;
}

function subjectsOf(binding: ManifestObject): readonly RbacV1Subject[] {
  return (binding['subjects'] ?? []) as readonly RbacV1Subject[];
}

function expand({ apiGroups = [], resources = [], verbs, resourceNames }: V1PolicyRule, namespace: string | undefined) {
  const names = resourceNames ?? [undefined];
  return apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) =>
        names.map((name): Right => ({ namespace, resource: qualified(resource, group), verb, name })),
      ),
    ),
  );
}

function qualified(resource: string, group: string): string {
  const [plural = '', subresource] = resource.split('/');
  const name = group === '' ? plural : `${plural}.${group}`;
  return subresource === undefined ? name : `${name}/${subresource}`;
}

/** What a call to an API server needs. */
export function rightFor(method: string, url: string): Right {
  const { pathname, searchParams } = new URL(url, 'https://cluster');
  const [, root, ...rest] = pathname.split('/');
  const group = root === 'api' ? '' : (rest.shift() ?? '');
  rest.shift();
  const isPlaced = rest[0] === 'namespaces' && rest.length > 2;
  const namespace = isPlaced ? rest[1] : undefined;
  const [plural = '', name, subresource] = isPlaced ? rest.slice(2) : rest;
  const resource = qualified(subresource === undefined ? plural : `${plural}/${subresource}`, group);
  return { namespace, resource, verb: verbOf(method, name !== undefined, searchParams.has('watch')), name };
}

export function isGranted(asked: Right, rights: readonly Right[]): boolean {
  return rights.some(
    ({ namespace, resource, verb, name }) =>
      resource === asked.resource &&
      verb === asked.verb &&
      (namespace === undefined || namespace === asked.namespace) &&
      (name === undefined || name === asked.name),
  );
}

function verbOf(method: string, isOne: boolean, isWatch: boolean): string {
  switch (method) {
    case 'GET':
      if (isOne) return 'get';
      return isWatch ? 'watch' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    default:
      return method.toLowerCase();
  }
}
