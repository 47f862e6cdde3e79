import type { InlinePicture } from '../../model/mail-parts.ts';
import type { EmailContent, Notification } from '../../model/notification.ts';
import { renderHtml } from './layout.ts';
import { renderText } from './text.ts';
import type { SectionView } from './section.ts';
import type { RenderContext } from './tone.ts';
import { viewOf } from './view.ts';
import { threadOf } from '../thread.ts';

/** Gmail clips a message past 102 kB (102 x 1024 bytes); the rest is for what the transport adds. */
export const MAX_HTML_BYTES = 100_000;

/**
 * The mail about what is due: subject without control characters and of bounded length, text and HTML both complete.
 * A mail that would be clipped tells fewer of its alerts with details; the overview names them all the same.
 * Throws on a notification without alerts.
 */
export function renderEmail(notification: Notification, context: RenderContext): EmailContent {
  const view = viewOf(notification, context);
  let sectionCount = view.sections.length;
  let html = renderHtml(view, sectionCount);
  while (sectionCount > 1 && Buffer.byteLength(html) > MAX_HTML_BYTES) {
    sectionCount -= 1;
    html = renderHtml(view, sectionCount);
  }
  return {
    subject: view.subject,
    text: renderText(view, sectionCount),
    html,
    thread: threadOf(notification),
    pictures: shownPictures(view.sections.slice(0, sectionCount), context),
  };
}

/** Only those that the HTML shows: any other would hang below the mail as an attachment. */
function shownPictures(sections: readonly SectionView[], { pictures }: RenderContext): readonly InlinePicture[] {
  const shown = new Set(sections.flatMap(({ chart }) => chart?.contentId ?? []));
  return [...(pictures?.values() ?? [])].filter(({ contentId }) => shown.has(contentId));
}
