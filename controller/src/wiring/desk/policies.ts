import type { Checker } from '../../cli/lint.ts';
import { refused, type DashboardActions, type Outcome } from '../../dashboard/actions.ts';
import type { PolicyAppliedAnswer } from '../../dashboard/answers/policies.ts';
import type { DeclaredPolicy, PolicyDetails, PolicyText } from '../../dashboard/details.ts';
import { monitorPolicies, type KubeObject, type ResourceClient } from '../../kube/client.ts';
import { notFound } from '../../kube/status.ts';
import type { Manifest } from '../../reconcile/manifests.ts';
import { objectYaml, redeclared } from '../../reconcile/object-yaml.ts';
import { originOf, ownedElsewhere } from '../../reconcile/origin.ts';
import { checkText, keyOf } from './check.ts';
import { refusing } from './refusing.ts';

export interface PolicyDeskDeps {
  /** Writes as the page, so that managed fields tell it from kubectl. */
  readonly client: ResourceClient;
  readonly checker: Checker;
}

export type PolicyDesk = Pick<PolicyDetails, 'list' | 'read' | 'check'> &
  Pick<DashboardActions, 'applyPolicies' | 'deletePolicy'>;

/** Of one text: more belongs into a file. */
const MAX_POLICIES = 20;

/** Policies as people read and write them on the page. */
export function createPolicyDesk({ client, checker }: PolicyDeskDeps): PolicyDesk {
  const find = (key: string): Promise<KubeObject | undefined> => {
    const [namespace = '', name = ''] = key.split('/');
    return client.get(monitorPolicies, namespace, name);
  };

  return {
    async list() {
      const { items } = await client.list(monitorPolicies);
      return items.map(declaredOf);
    },
    async read(key) {
      const object = await find(key);
      return object && textOf(object);
    },
    check(yaml) {
      const { problems, policies } = checkText(yaml, 'MonitorPolicy', checker);
      return { problems, policies };
    },
    applyPolicies: (request) => apply({ client, checker, find }, request),
    async deletePolicy(key) {
      const present = await find(key);
      const owner = present && ownedElsewhere(present);
      if (owner !== undefined) return refused('conflict', owner);
      return refusing(async (): Promise<true> => {
        const [namespace = '', name = ''] = key.split('/');
        if ((await client.delete(monitorPolicies, namespace, name)) === undefined)
          throw notFound(monitorPolicies, name);
        return true;
      });
    },
  };
}

interface ApplyDeps extends PolicyDeskDeps {
  readonly find: (key: string) => Promise<KubeObject | undefined>;
}

/** All or none, as far as can be told before: everything is held against the store before anything is written. */
async function apply(
  deps: ApplyDeps,
  { yaml, resourceVersion }: Parameters<DashboardActions['applyPolicies']>[0],
): Promise<Outcome<PolicyAppliedAnswer>> {
  const { documents, problems } = checkText(yaml, 'MonitorPolicy', deps.checker);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return refused('invalid', errors[0]?.message ?? 'it is not valid', errors);
  if (documents.length > MAX_POLICIES) return refused('invalid', `at most ${MAX_POLICIES} policies at a time`);
  if (resourceVersion !== undefined && documents.length > 1) {
    return refused('invalid', 'resourceVersion is of one policy; there are several');
  }
  for (const dryRun of [true, false]) {
    const applied: PolicyAppliedAnswer['applied'][number][] = [];
    for (const manifest of documents) {
      const outcome = await applyOne(deps, manifest, { dryRun, resourceVersion });
      if (outcome.kind === 'refused') return outcome;
      applied.push(outcome.value);
    }
    if (!dryRun) return { kind: 'done', value: { applied } };
  }
  return refused('invalid', 'there is nothing in it');
}

async function applyOne(
  { client, find }: ApplyDeps,
  manifest: Manifest,
  { dryRun, resourceVersion }: { readonly dryRun: boolean; readonly resourceVersion: string | undefined },
): Promise<Outcome<PolicyAppliedAnswer['applied'][number]>> {
  const key = keyOf(manifest.object);
  const present = await find(key);
  const owner = present && ownedElsewhere(present);
  if (owner !== undefined)
    return refused('conflict', owner, [
      { path: 'metadata.name', line: manifest.lineOf('metadata.name'), message: owner },
    ]);
  if (present === undefined && resourceVersion !== undefined) {
    return refused('conflict', `${key} was deleted meanwhile; leave resourceVersion out to create it anew`);
  }
  return refusing(async () => {
    const wanted = declared(manifest.object, resourceVersion);
    const written =
      present === undefined
        ? await client.create(monitorPolicies, wanted, { dryRun })
        : await client.update(monitorPolicies, redeclared(present, wanted), { dryRun });
    const isSame = present?.metadata.resourceVersion === written.metadata.resourceVersion;
    return {
      key,
      action: present === undefined ? 'created' : isSame ? 'unchanged' : 'configured',
      resourceVersion: written.metadata.resourceVersion ?? '',
    };
  }, manifest);
}

/** Without what a copied object may carry of another life. */
function declared({ apiVersion, kind, metadata, spec }: KubeObject, resourceVersion: string | undefined): KubeObject {
  const { name, namespace = 'default', labels, annotations } = metadata;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      namespace,
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(resourceVersion !== undefined && { resourceVersion }),
    },
    spec,
  };
}

function declaredOf(object: KubeObject): DeclaredPolicy {
  const createdAt = Date.parse(object.metadata.creationTimestamp ?? '');
  return { key: keyOf(object), origin: originOf(object), createdAt: Number.isNaN(createdAt) ? null : createdAt };
}

function textOf(object: KubeObject): PolicyText {
  return { ...declaredOf(object), resourceVersion: object.metadata.resourceVersion ?? '', yaml: objectYaml(object) };
}
