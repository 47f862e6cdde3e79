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
