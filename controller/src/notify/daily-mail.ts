import type { EmailContent } from '../model/notification.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { cleanLine } from './render/clean.ts';
import { renderNotice } from './render/notice.ts';

/** Lines about problems at most. */
const MAX_PROBLEMS = 10;
const MAX_LINE_CHARS = 200;

/** "Still watching": what is watched and how it stands, so that its absence is noticed. */
export function renderDailyMail(snapshot: Snapshot, dashboardUrl: string): EmailContent {
  const { targets, policies, alerts, hosts, problems, email } = snapshot;
  const firing = alerts.filter(({ state }) => state === 'firing').length;
  const watched = count(targets.length, 'container');
  const subject = `[FOGHORN] still watching: ${watched}, ${count(firing, 'alert')} firing`;
  const sentences = [
    `Watched: ${watched} on ${count(hosts.length, 'host')}, by ${policies.length === 1 ? '1 policy' : `${policies.length} policies`}.`,
    `Alerts: ${firing} firing. Mails since the start: ${email.sent} accepted, ${email.failed} refused.`,
    ...(email.budget === undefined
      ? []
      : [`Budget of mails: ${email.budget.spent} of ${email.budget.perDay ?? 'unlimited'} in 24 hours.`]),
    ...hosts.flatMap((host) =>
      host.reachable ? [] : [cleanLine(`Host ${host.host}: ${host.message}`, MAX_LINE_CHARS)],
    ),
    ...problems.slice(0, MAX_PROBLEMS).map(({ message }) => cleanLine(`Problem: ${message}`, MAX_LINE_CHARS)),
    `Dashboard: ${dashboardUrl}`,
  ];
  const away = hosts.filter(({ reachable }) => !reachable).length;
  const troubles = [
    ...(firing > 0 ? [`${count(firing, 'alert')} firing`] : []),
    ...(away > 0 ? [`${count(away, 'host')} unreachable`] : []),
    ...(problems.length > 0 ? [count(problems.length, 'problem')] : []),
  ];
  const isCalm = troubles.length === 0;
  const notice = renderNotice({
    subject,
    tone: isCalm ? 'resolved' : 'warning',
    word: 'STILL WATCHING',
    summary: isCalm ? `${watched}, and nothing is wrong.` : `${watched}; ${troubles.join(', ')}.`,
    sentences,
    footer: 'This mail comes once a day (DAILY_MAIL). When it stays away, look whether Foghorn still runs.',
  });
  return { subject, ...notice };
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
