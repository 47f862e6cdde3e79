import type { KubeObject } from '../kube/client.ts';
import { parseDuration } from '../model/duration.ts';
import type {
  LabelSelector,
  NotifyRoute,
  NotifySpec,
  Policy,
  PolicyPlace,
  ProbeSpec,
  RuleSpec,
} from '../model/policy.ts';
import type {
  MonitorPolicySpec,
  MonitorPolicySpecNotifyWebhook,
  MonitorPolicySpecProbe,
  MonitorPolicySpecRule,
} from '../model/resources.generated.ts';
import { severities } from '../model/severity.ts';
import { webhookRecipient } from '../model/webhook.ts';
import { watchedNamespaces } from './policy-namespaces.ts';

/** A policy, or why the object cannot be one (in a cluster whose API server knows an older schema). */
export type ParsedPolicy =
  | { readonly kind: 'policy'; readonly policy: Policy }
  | { readonly kind: 'invalid'; readonly field: string; readonly message: string };

/** Thrown and caught within this file only: a field that admission should have refused. */
class FieldFault extends Error {
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/** Reads an admitted MonitorPolicy: its spec has been checked against the schema and carries its defaults. */
export function policyFromObject(object: KubeObject, place: PolicyPlace = { kind: 'hosts' }): ParsedPolicy {
  try {
    const spec = object.spec as MonitorPolicySpec;
    const policy = readPolicy(object, spec);
    return { kind: 'policy', policy: { ...policy, namespaces: watchedNamespaces(spec, policy.namespace, place) } };
  } catch (error) {
    if (error instanceof FieldFault) return { kind: 'invalid', field: error.field, message: error.message };
    throw error;
  }
}

export function policyKey(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

function readPolicy(object: KubeObject, spec: MonitorPolicySpec): Policy {
  const { metadata } = object;
  const { email } = spec.notify;
  return {
    key: policyKey(object),
    uid: metadata.uid ?? '',
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    generation: metadata.generation ?? 0,
    selector: readSelector(spec.selector),
    containerNames: spec.containerNames ?? [],
    expect: spec.expect ?? [],
    intervalMs: durationOf(spec.interval, 'spec.interval'),
    stopGraceMs: durationOf(spec.stopGrace, 'spec.stopGrace'),
    probes: (spec.probes ?? []).map(readProbe),
    rules: spec.rules.map(readRule),
    cooldownMs: durationOf(spec.cooldown, 'spec.cooldown'),
    notify: {
      to: email.to,
      from: email.from,
      ...readWebhooks(spec.notify.webhooks, email.routes ?? []),
      minSeverity: email.minSeverity,
      sendResolved: spec.notify.sendResolved,
      groupWaitMs: durationOf(spec.notify.groupWait, 'spec.notify.groupWait'),
      groupIntervalMs: durationOf(spec.notify.groupInterval, 'spec.notify.groupInterval'),
    },
    watchHosts: spec.watchHosts,
    suspend: spec.suspend,
  };
}

function readSelector(selector: MonitorPolicySpec['selector']): LabelSelector {
  return {
    matchLabels: selector.matchLabels ?? {},
    matchExpressions: (selector.matchExpressions ?? []).map(({ key, operator, values }) => ({
      key,
      operator,
      values: values ?? [],
    })),
  };
}

function readProbe({ name, http, postgres, tcp }: MonitorPolicySpecProbe, index: number): ProbeSpec {
  const field = `spec.probes[${index}]`;
  if (http !== undefined) {
    const { url, method, expectedStatus, headers } = http;
    return {
      kind: 'http',
      name,
      url,
      method,
      expectedStatus,
      headers: headers ?? {},
      timeoutMs: durationOf(http.timeout, `${field}.http.timeout`),
    };
  }
  if (tcp !== undefined) {
    return {
      kind: 'tcp',
      name,
      host: tcp.host,
      port: tcp.port,
      timeoutMs: durationOf(tcp.timeout, `${field}.tcp.timeout`),
    };
  }
  if (postgres?.connectionEnv === undefined) {
    throw new FieldFault(
      field,
      'needs http, tcp, or postgres with connectionEnv (connectionSecretRef is for clusters)',
    );
  }
  const timeoutMs = durationOf(postgres.timeout, `${field}.postgres.timeout`);
  return { kind: 'postgres', name, connectionEnv: postgres.connectionEnv, query: postgres.query, timeoutMs };
}

/** A webhook that is not told of everything is a route. */
function readWebhooks(
  webhooks: readonly MonitorPolicySpecNotifyWebhook[] | undefined,
  mailRoutes: readonly NotifyRoute[],
): Pick<NotifySpec, 'webhooks' | 'routes'> {
  const read = (webhooks ?? []).map((webhook, index) => ({
    // One that was stored before the field was there has no default in it.
    minSeverity: severities.find((known) => known === webhook.minSeverity) ?? 'info',
    to: [readWebhook(webhook, index)],
  }));
  const [always, picky] = [read.filter(isForAll), read.filter((route) => !isForAll(route))];
  return {
    webhooks: webhooks && always.flatMap(({ to }) => to),
    routes: [...mailRoutes.map(({ minSeverity, to }) => ({ minSeverity, to })), ...picky],
  };
}

function isForAll({ minSeverity }: NotifyRoute): boolean {
  return minSeverity === 'info';
}

function readWebhook(webhook: MonitorPolicySpecNotifyWebhook, index: number): string {
  const { format, url, urlEnv, secretEnv } = webhook;
  if (urlEnv !== undefined) return webhookRecipient({ format, address: { kind: 'env', name: urlEnv }, secretEnv });
  if (url === undefined) throw new FieldFault(`spec.notify.webhooks[${index}]`, 'needs url or urlEnv');
  return webhookRecipient({ format, address: { kind: 'url', url }, secretEnv });
}

function readRule(rule: MonitorPolicySpecRule, index: number): RuleSpec {
  const { name, severity, expr, message, actions } = rule;
  const forMs = durationOf(rule.for, `spec.rules[${index}].for`);
  const keepFiringForMs = durationOf(rule.keepFiringFor, `spec.rules[${index}].keepFiringFor`);
  return { name, severity, expr, forMs, keepFiringForMs, message, actions: actions ?? [] };
}

function durationOf(text: string, field: string): number {
  const durationMs = parseDuration(text);
  if (durationMs === undefined) throw new FieldFault(field, `"${text}" is not a duration such as 90s or 1h30m`);
  return durationMs;
}
