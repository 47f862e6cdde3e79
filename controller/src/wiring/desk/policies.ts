import { createHash } from 'node:crypto';
import type { Checker } from '../../cli/lint.ts';
import { refused, type DashboardActions, type Outcome } from '../../dashboard/actions.ts';
import type { PolicyAppliedAnswer } from '../../dashboard/answers/policies.ts';
import type { DeclaredPolicy, PolicyDetails, PolicyText } from '../../dashboard/details.ts';
import { isFoghornError } from '../../errors.ts';
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
  const stale = staleness(present, key, resourceVersion);
  if (stale !== undefined) return refused('conflict', stale);
  return refusing(async () => {
    const written = await write(client, present, { wanted: declared(manifest.object), dryRun, find: () => find(key) });
    const isSame = present?.metadata.generation === written.metadata.generation;
    const action = present === undefined ? 'created' : isSame ? 'unchanged' : 'configured';
    return { key, action, resourceVersion: versionOf(written) };
  }, manifest);
}

/** Why what somebody edited is no longer what is there; undefined when it is. */
function staleness(
  present: KubeObject | undefined,
  key: string,
  resourceVersion: string | undefined,
): string | undefined {
  if (resourceVersion === undefined) return undefined;
  if (present === undefined) return `${key} was deleted meanwhile; leave resourceVersion out to create it anew`;
  if (versionOf(present) === resourceVersion) return undefined;
  return `${key} was changed by somebody else meanwhile; load it again and repeat your changes`;
}

/** The status of a policy is written every few seconds; only a change of what is declared is in the way. */
const MAX_CONFLICTS = 5;

async function write(
  client: ResourceClient,
  present: KubeObject | undefined,
  { wanted, dryRun, find }: { wanted: KubeObject; dryRun: boolean; find: () => Promise<KubeObject | undefined> },
): Promise<KubeObject> {
  let latest = present;
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (latest === undefined) return await client.create(monitorPolicies, wanted, { dryRun });
      return await client.update(monitorPolicies, redeclared(latest, wanted), { dryRun });
    } catch (error) {
      if (latest === undefined || !isFoghornError(error, 'Conflict') || attempt >= MAX_CONFLICTS) throw error;
      const found = await find();
      if (found === undefined || versionOf(found) !== versionOf(latest)) throw error;
      latest = found;
    }
  }
}

/** Without what a copied object may carry of another life. */
function declared({ apiVersion, kind, metadata, spec }: KubeObject): KubeObject {
  const { name, namespace = 'default', labels, annotations } = metadata;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      namespace,
      ...(labels && { labels }),
      ...(annotations && { annotations }),
    },
    spec,
  };
}

function declaredOf(object: KubeObject): DeclaredPolicy {
  const createdAt = Date.parse(object.metadata.creationTimestamp ?? '');
  return { key: keyOf(object), origin: originOf(object), createdAt: Number.isNaN(createdAt) ? null : createdAt };
}

function textOf(object: KubeObject): PolicyText {
  return { ...declaredOf(object), resourceVersion: versionOf(object), yaml: objectYaml(object) };
}

/** The same as long as the same is declared, whatever happens to the status. */
function versionOf(object: KubeObject): string {
  const declaration = `${object.metadata.uid ?? ''}\n${objectYaml(object)}`;
  return createHash('sha256').update(declaration).digest('hex').slice(0, 16);
}
