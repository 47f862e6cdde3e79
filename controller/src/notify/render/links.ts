/** The page of the dashboard about one target; undefined when the dashboard's address is not a web address. */
export function dashboardLink(dashboardUrl: string, targetId: string): string | undefined {
  if (!URL.canParse(dashboardUrl)) return undefined;
  const url = new URL(dashboardUrl);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  url.username = '';
  url.password = '';
  url.searchParams.set('target', targetId.toWellFormed().slice(0, MAX_TARGET_ID_LENGTH));
  return url.href;
}

/** Longer ones are no names of ours, and would make a link that mail readers break. */
const MAX_TARGET_ID_LENGTH = 300;

/** Names of Kubernetes objects: what is safe to paste into a shell. */
const objectName = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** The command that stops reminders of an alert until it resolves; undefined when a part is no object name. */
export function acknowledgeCommand(namespace: string, name: string): string | undefined {
  if (!objectName.test(namespace) || !objectName.test(name)) return undefined;
  return `kubectl annotate alert -n ${namespace} ${name} foghorn.dev/acknowledged-by=YOUR-NAME`;
}

/** What Docker takes as the name of a container, and what a CRD takes as the name of a rule. */
const containerName = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/;
const ruleName = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SILENCE_DURATION = '2h';

/** What a silence is about. */
export interface Silenced {
  readonly namespace: string;
  readonly policy: string;
  readonly rule: string;
  /** Absent for what is no container. */
  readonly container?: string | undefined;
}

/** The command that holds back all mails about one rule on one target; undefined when a shell could read a name. */
export function silenceCommand({ namespace, policy, rule, container }: Silenced): string | undefined {
  const areNames = [namespace, policy].every((name) => objectName.test(name)) && ruleName.test(rule);
  if (!areNames || (container !== undefined && !containerName.test(container))) return undefined;
  const containerNames = container === undefined ? {} : { containerNames: [container] };
  const silence = {
    apiVersion: 'foghorn.dev/v1alpha1',
    kind: 'Silence',
    metadata: { generateName: `${policy}-` },
    spec: { duration: SILENCE_DURATION, policies: [policy], rules: [rule], ...containerNames },
  };
  return `echo '${JSON.stringify(silence)}' | kubectl create -n ${namespace} -f -`;
}
