import type { Clock } from '../../clock.ts';
import { done, refused, type DashboardActions, type Outcome } from '../../dashboard/actions.ts';
import type { SilenceMatchers, SilenceRequest, SilenceView } from '../../dashboard/answers/alerts.ts';
import type { DashboardDetails } from '../../dashboard/details.ts';
import { silences as silenceResource, type KubeObject, type ResourceClient } from '../../kube/client.ts';
import { notFound } from '../../kube/status.ts';
import type { Alert } from '../../model/alert.ts';
import type { SilenceSpec, SilenceSpecSchedule, SilenceStatus } from '../../model/resources.generated.ts';
import { markAcknowledged } from '../../reconcile/acknowledge.ts';
import { ownedElsewhere } from '../../reconcile/origin.ts';
import { silenceFromObject } from '../../reconcile/silence-from-object.ts';
import { asGlob, silenceObject, type WantedSilence } from '../../reconcile/silence-object.ts';
import { refusing } from './refusing.ts';

export interface AlertDeskDeps {
  readonly client: ResourceClient;
  readonly alerts: () => readonly Alert[];
  /** Policies that watch a target, by key, and its name; undefined when nobody knows it. */
  readonly watchersOf: (
    targetId: string,
  ) => { readonly name: string; readonly policies: readonly string[] } | undefined;
  readonly clock: Clock;
}

export type AlertDesk = Pick<DashboardDetails, 'silences'> &
  Pick<DashboardActions, 'acknowledge' | 'silence' | 'deleteSilence'>;

/** Told on the page at most. */
const MAX_SILENCES = 500;
const MAX_AHEAD_MS = 8760 * 3_600_000;

/** Acknowledgements and silences, as people make them on the page. */
export function createAlertDesk(deps: AlertDeskDeps): AlertDesk {
  const { client, alerts } = deps;
  return {
    async silences() {
      const { items } = await client.list(silenceResource);
      return items
        .map((object) => silenceView(object))
        .toSorted(byState)
        .slice(0, MAX_SILENCES);
    },
    async acknowledge(alertKey, by) {
      const alert = alerts().find(({ key }) => key === alertKey);
      if (alert === undefined) return refused('notFound', `there is no alert ${alertKey}`);
      if (alert.state !== 'firing') return refused('conflict', 'only an alert that fires can be acknowledged');
      const marked = await refusing(() => markAcknowledged(client, alert, by));
      if (marked.kind === 'refused' || marked.value) return marked.kind === 'refused' ? marked : done(true);
      return refused('notFound', `the object of alert ${alertKey} is not written yet; try again`);
    },
    silence: (request, author) => silence(deps, request, author),
    async deleteSilence(key) {
      const [namespace = '', name = ''] = key.split('/');
      const present = await client.get(silenceResource, namespace, name);
      const owner = present && ownedElsewhere(present);
      if (owner !== undefined) return refused('conflict', owner);
      return refusing(async (): Promise<true> => {
        if ((await client.delete(silenceResource, namespace, name)) === undefined)
          throw notFound(silenceResource, name);
        return true;
      });
    },
  };
}

async function silence(
  deps: AlertDeskDeps,
  request: SilenceRequest,
  author: string,
): Promise<Outcome<readonly SilenceView[]>> {
  const now = deps.clock.now();
  const endsAt = request.until ?? now + (request.durationMs ?? 0);
  if (endsAt <= now)
    return refused('invalid', 'it would be over already', [{ path: 'until', message: 'must be in the future' }]);
  if (endsAt - now > MAX_AHEAD_MS)
    return refused('invalid', 'a year at most', [{ path: 'until', message: 'must be within a year' }]);
  const scopes = scopesOf(deps, request);
  if (scopes.kind === 'refused') return scopes;
  return refusing(async () => {
    const created: SilenceView[] = [];
    for (const scope of scopes.value) {
      const object = silenceObject({ ...scope, endsAt, comment: request.comment, author });
      created.push(silenceView(await deps.client.create(silenceResource, object)));
    }
    return created;
  });
}

type Scope = Omit<WantedSilence, 'endsAt' | 'comment' | 'author'>;

/** A silence holds for the policies of its namespace: a container that several watch takes several. */
function scopesOf({ alerts, watchersOf }: AlertDeskDeps, request: SilenceRequest): Outcome<readonly Scope[]> {
  const { alertKey, target, matchers = {}, namespace = 'default' } = request;
  if (alertKey !== undefined) {
    const alert = alerts().find(({ key }) => key === alertKey);
    if (alert === undefined) return refused('notFound', `there is no alert ${alertKey}`);
    const [of = '', policy = ''] = alert.policy.split('/');
    return done([
      { namespace: of, policies: [policy], rules: [alert.rule], containerNames: [asGlob(alert.target.name)] },
    ]);
  }
  if (target === undefined) return done([{ namespace, ...matchers }]);
  const watchers = watchersOf(target);
  if (watchers === undefined) return refused('notFound', `there is no container ${target}`);
  const namespaces = new Set(watchers.policies.map((key) => key.split('/')[0] ?? ''));
  return done([...namespaces].map((of) => ({ namespace: of, containerNames: [asGlob(watchers.name)] })));
}

export function silenceView(object: KubeObject): SilenceView {
  const { metadata, spec: admitted, status } = object;
  const spec = admitted as SilenceSpec;
  const standing = status as SilenceStatus | undefined;
  return {
    name: `${metadata.namespace ?? ''}/${metadata.name}`,
    state: stateNames[standing?.state ?? ''] ?? 'unknown',
    ...timesOf(object),
    matchers: matchersOf(spec),
    schedule: spec.schedule === undefined ? null : wordSchedule(spec.schedule),
    comment: spec.comment ?? '',
    createdBy: spec.author ?? null,
    silencing: standing?.matched ?? 0,
  };
}

function timesOf(object: KubeObject): Pick<SilenceView, 'startsAt' | 'endsAt'> {
  const parsed = silenceFromObject(object);
  if (parsed.kind === 'invalid') return { startsAt: null, endsAt: null };
  return { startsAt: parsed.silence.startsAt, endsAt: parsed.silence.endsAt ?? null };
}

const stateNames: Readonly<Record<string, SilenceView['state']>> = {
  Pending: 'pending',
  Active: 'active',
  Expired: 'expired',
};

function matchersOf({ policies, rules, severities, containerNames, targetSelector }: SilenceSpec): SilenceMatchers {
  return {
    ...(policies && { policies }),
    ...(rules && { rules }),
    ...(severities && { severities }),
    ...(containerNames && { containerNames }),
    ...(targetSelector?.matchLabels && { matchLabels: targetSelector.matchLabels }),
  };
}

function wordSchedule({ days = [], start, end, timeZone }: SilenceSpecSchedule): string {
  const when = days.length === 0 ? 'every day' : `every ${days.map((day) => day.slice(0, 3)).join(', ')}`;
  return `${when} ${start} to ${end} ${timeZone}`;
}

const order: readonly SilenceView['state'][] = ['active', 'pending', 'unknown', 'expired'];

function byState(a: SilenceView, b: SilenceView): number {
  return order.indexOf(a.state) - order.indexOf(b.state) || (a.endsAt ?? 0) - (b.endsAt ?? 0);
}
