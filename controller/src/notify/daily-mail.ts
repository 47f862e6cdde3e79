import type { EmailContent } from '../model/notification.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { cleanLine } from './render/clean.ts';
import { html, type Markup } from './render/markup.ts';

/** Lines about problems at most. */
const MAX_PROBLEMS = 10;
const MAX_LINE_CHARS = 200;

/** "Still watching": what is watched and how it stands, so that its absence is noticed. */
export function renderDailyMail(snapshot: Snapshot, dashboardUrl: string): EmailContent {
  const { targets, policies, alerts, hosts, problems, email } = snapshot;
  const firing = alerts.filter(({ state }) => state === 'firing').length;
  const subject = `[FOGHORN] still watching: ${targets.length} containers, ${firing} alerts firing`;
  const lines = [
    `Watched: ${targets.length} containers on ${hosts.length} hosts, by ${policies.length} policies.`,
    `Alerts: ${firing} firing. Mails since the start: ${email.sent} accepted, ${email.failed} refused.`,
    ...(email.budget === undefined
      ? []
      : [`Budget of mails: ${email.budget.spent} of ${email.budget.perDay ?? 'unlimited'} in 24 hours.`]),
    ...hosts.flatMap((host) =>
      host.reachable ? [] : [cleanLine(`Host ${host.host}: ${host.message}`, MAX_LINE_CHARS)],
    ),
    ...problems.slice(0, MAX_PROBLEMS).map(({ message }) => cleanLine(`Problem: ${message}`, MAX_LINE_CHARS)),
    `Dashboard: ${dashboardUrl}`,
    'This mail comes once a day (DAILY_MAIL). When it stays away, look whether Foghorn still runs.',
  ];
  const paragraphs: readonly Markup[] = lines.map((line) => html`<p>${line}</p>`);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${subject}</title>
      </head>
      <body style="font-family:sans-serif;max-width:640px;margin:0 auto;padding:16px">
        ${paragraphs}
      </body>
    </html> `;
  return { subject, text: `${lines.join('\n')}\n`, html: page.markup };
}
