import { StatusError } from '../../kube/status.ts';
import type { RequestInfo } from './request-info.ts';
import { ADMIN_GROUP, EDIT_GROUP, VIEW_GROUP, type User } from './users.ts';

/** One line of the table of rights, as a Kubernetes PolicyRule has it. */
export interface ResourceRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
}

export interface PathRule {
  readonly verbs: readonly string[];
  /** A `*` at the end stands for anything. */
  readonly nonResourceURLs: readonly string[];
}

export interface Rules {
  readonly resourceRules: readonly ResourceRule[];
  readonly nonResourceRules: readonly PathRule[];
}

const OWN_GROUP = 'foghorn.dev';
const read = ['get', 'list', 'watch'] as const;
const write = ['create', 'update', 'patch', 'delete', 'deletecollection'] as const;
const readable = ['configmaps', 'events', 'namespaces', 'nodes', 'pods', 'pods/log'] as const;

const everybody: Rules = {
  resourceRules: [],
  nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'] }],
};

const authenticated: Rules = {
  resourceRules: [
    {
      verbs: ['create'],
      apiGroups: ['authorization.k8s.io'],
      resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
    },
    { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
  ],
  nonResourceRules: [
    {
      verbs: ['get'],
      nonResourceURLs: [
        '/',
        '/api',
        '/api/*',
        '/apis',
        '/apis/*',
        '/healthz/*',
        '/livez/*',
        '/openapi',
        '/openapi/*',
        '/readyz/*',
      ],
    },
  ],
};

const view: Rules = {
  resourceRules: [
    { verbs: read, apiGroups: [OWN_GROUP], resources: ['*'] },
    { verbs: read, apiGroups: [''], resources: readable },
    { verbs: read, apiGroups: ['events.k8s.io'], resources: ['events'] },
    { verbs: read, apiGroups: ['coordination.k8s.io'], resources: ['leases'] },
    { verbs: read, apiGroups: ['metrics.k8s.io'], resources: ['pods', 'nodes'] },
    { verbs: read, apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'] },
  ],
  nonResourceRules: [],
};

/** Status is the controller's to write, also where somebody may edit the rest. */
const edit: Rules = {
  resourceRules: [
    ...view.resourceRules,
    { verbs: write, apiGroups: [OWN_GROUP], resources: ['alerts', 'loadtests', 'monitorpolicies', 'silences'] },
    { verbs: [...read, ...write], apiGroups: [''], resources: ['configmaps', 'secrets', 'events'] },
    { verbs: write, apiGroups: ['events.k8s.io'], resources: ['events'] },
  ],
  nonResourceRules: [],
};

const admin: Rules = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
};

const byGroup: ReadonlyMap<string, Rules> = new Map([
  ['system:unauthenticated', everybody],
  ['system:authenticated', authenticated],
  [VIEW_GROUP, view],
  [EDIT_GROUP, edit],
  [ADMIN_GROUP, admin],
]);

/** All that the user may do. */
export function rulesOf(user: User): Rules {
  const found = ['system:unauthenticated', ...user.groups].flatMap((group) => byGroup.get(group) ?? []);
  const unique = [...new Set(found)];
  return {
    resourceRules: unique.flatMap((rules) => rules.resourceRules),
    nonResourceRules: unique.flatMap((rules) => rules.nonResourceRules),
  };
}

export interface ResourceAttributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string | undefined;
}

export function mayUseResource(user: User, { verb, group, resource, subresource }: ResourceAttributes): boolean {
  const asked = subresource === undefined || subresource === '' ? resource : `${resource}/${subresource}`;
  return rulesOf(user).resourceRules.some(
    (rule) =>
      matches(rule.verbs, verb) &&
      matches(rule.apiGroups, group) &&
      (rule.resources.includes(asked) ||
        (rule.resources.includes('*') && (isAdmin(user) || !isWriteOfPart(asked, verb)))),
  );
}

export function mayUsePath(user: User, verb: string, path: string): boolean {
  const asked = verb === 'head' ? 'get' : verb;
  return rulesOf(user).nonResourceRules.some(
    (rule) => matches(rule.verbs, asked) && rule.nonResourceURLs.some((pattern) => coversPath(pattern, path)),
  );
}

/** Throws Forbidden, in the words of an API server. */
export function authorize(user: User, request: RequestInfo): void {
  if (request.kind === 'path') {
    if (mayUsePath(user, request.verb, request.path)) return;
    throw forbidden(`forbidden: User ${quote(user.name)} cannot ${request.verb} path ${quote(request.path)}`, {});
  }
  const { verb, group, plural, subresource, namespace, name } = request;
  if (mayUseResource(user, { verb, group, resource: plural, subresource })) return;
  const resource = subresource === undefined ? plural : `${plural}/${subresource}`;
  const what = `${group === '' ? plural : `${plural}.${group}`}${name === undefined ? '' : ` ${quote(name)}`}`;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace ${quote(namespace)}`;
  throw forbidden(
    `${what} is forbidden: User ${quote(user.name)} cannot ${verb} resource ${quote(resource)} in API group ${quote(group)} ${where}`,
    { ...(name === undefined ? {} : { name }), ...(group === '' ? {} : { group }), kind: plural },
  );
}

export function forbidden(message: string, details: NonNullable<StatusError['status']['details']>): StatusError {
  return new StatusError('Forbidden', { message, reason: 'Forbidden', details, code: 403 });
}

function isAdmin(user: User): boolean {
  return user.groups.includes(ADMIN_GROUP);
}

function isWriteOfPart(resource: string, verb: string): boolean {
  return resource.includes('/') && !read.some((known) => known === verb);
}

function matches(allowed: readonly string[], asked: string): boolean {
  return allowed.includes('*') || allowed.includes(asked);
}

function coversPath(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
