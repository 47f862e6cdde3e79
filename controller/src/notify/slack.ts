import type { Notification, NotifiedAlert } from '../model/notification.ts';
import { cleanLine } from './render/clean.ts';
import { dashboardLink } from './render/links.ts';
import { toneColours } from './render/palette.ts';
import { stateSubjectOf } from './render/subject.ts';
import { toneOf } from './render/tone.ts';
import { viewOf } from './render/view.ts';

/** A message of Slack's incoming webhooks, which Mattermost and Rocket.Chat take too. */
export interface SlackMessage {
  readonly text: string;
  readonly attachments: readonly SlackAttachment[];
}

interface SlackAttachment {
  readonly color: string;
  readonly fallback: string;
  readonly title: string;
  readonly title_link?: string | undefined;
  readonly text: string;
  /** Seconds since 1970. */
  readonly ts: number;
}

/** More than this hides the rest behind a fold. */
const MAX_ATTACHMENTS = 10;
const MAX_TEXT_LENGTH = 500;

export function slackMessage(
  notification: Notification,
  context: { readonly now: number; readonly dashboardUrl: string; readonly timeZone: string },
): SlackMessage {
  const view = viewOf(notification, context);
  const shown = notification.alerts.slice(0, MAX_ATTACHMENTS);
  const more = notification.alerts.length - shown.length;
  return {
    text: plain(`${stateSubjectOf(notification)} - ${view.headline}${more === 0 ? '' : ` (and ${more} more)`}`),
    attachments: shown.map((notified) => attachmentOf(notified, context.dashboardUrl)),
  };
}

function attachmentOf({ alert, context }: NotifiedAlert, dashboardUrl: string): SlackAttachment {
  const state = alert.state === 'resolved' ? 'RESOLVED' : alert.severity.toUpperCase();
  const title = plain(`${state} ${alert.target.name} on ${alert.target.host}: ${alert.rule}`);
  const lines = [alert.message, context.end?.cause ?? '', ...(alert.state === 'firing' ? alert.actions : [])];
  const text = lines.filter((line) => line !== '').map(plain);
  return {
    color: toneColours[toneOf(alert)].background,
    fallback: title,
    title,
    title_link: dashboardLink(dashboardUrl, alert.target.id),
    text: text.join('\n'),
    ts: Math.floor((alert.state === 'resolved' ? alert.resolvedAt : alert.firedAt) / 1000),
  };
}

/** Where Mattermost and Rocket.Chat call everybody. */
const callOfAll = /(?<!\w)@(?=(?:all|channel|everyone|here)\b)/giu;

/** Slack reads `<!channel>` and links only between these three, which it wants escaped; the others read `@channel`. */
function plain(text: string): string {
  return cleanLine(text, MAX_TEXT_LENGTH)
    .replaceAll(callOfAll, '＠')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
