import { html, nothing, type Markup } from './markup.ts';
import { fonts, styleSheet, toneColours } from './palette.ts';
import { sectionMarkup } from './section-layout.ts';
import type { EmailView, OverviewRow } from './view.ts';

/** Fills the preview line of an inbox, so that it does not go on into the body. */
const PREHEADER_PADDING = 60;

/** The HTML part: tables and inline styles, as mail readers want it; nothing is loaded from anywhere. */
export function renderHtml(view: EmailView, sectionCount: number): string {
  const sections = view.sections.slice(0, sectionCount);
  const rows = [
    banner(view),
    overview(view),
    ...sections.map((section, index) => sectionMarkup(section, index > 0)),
    footer(view.footer),
  ];
  return cardPage({ title: view.subject, preview: view.headline, rows });
}

/** A card of rows on a page. `preview` is what an inbox shows after the subject. */
export function cardPage(parts: {
  readonly title: string;
  readonly preview: string;
  readonly rows: readonly Markup[];
}): string {
  const page = html`<!doctype html>
    <html lang="en" dir="ltr">
      ${head(parts.title)}
      <body class="page" style="margin:0;padding:0;background:#eef0f3;-webkit-text-size-adjust:100%">
        ${preheader(parts.preview)}
        <table
          role="presentation"
          class="page"
          width="100%"
          cellpadding="0"
          cellspacing="0"
          border="0"
          style="background:#eef0f3"
        >
          <tr>
            <td class="outer" align="center" style="padding:24px 8px">
              <table
                role="presentation"
                class="card"
                width="600"
                cellpadding="0"
                cellspacing="0"
                border="0"
                style="${cardStyle}"
              >
                ${parts.rows}
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html>`;
  return `${page.markup}\n`;
}

const cardStyle =
  'width:100%;max-width:600px;background:#ffffff;border:1px solid #d5d9e0;border-radius:6px;border-collapse:separate;overflow:hidden';

function head(title: string): Markup {
  return html`<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="supported-color-schemes" content="light dark" />
    <meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no" />
    <title>${title}</title>
    ${styleSheet}
  </head>`;
}

export function footer(text: string): Markup {
  return html`<tr>
    <td
      class="pad muted line"
      style="padding:16px 24px;border-top:1px solid #d5d9e0;font:12px/18px ${fonts.body};color:#5b6470"
    >
      ${text}
    </td>
  </tr>`;
}

/** What an inbox shows after the subject; hidden in the mail itself. */
function preheader(text: string): Markup {
  const padding = { markup: '&#847;&zwnj;&nbsp;'.repeat(PREHEADER_PADDING) };
  return html`<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${text}${padding}</div>`;
}

export function banner(view: Pick<EmailView, 'tone' | 'word' | 'banner'>): Markup {
  const { background, text } = toneColours[view.tone];
  return html`<tr>
    <td
      class="pad"
      bgcolor="${background}"
      style="padding:18px 24px;background:${background};color:${text};font-family:${fonts.body}"
    >
      <div style="font-size:22px;line-height:28px;font-weight:700;letter-spacing:.5px">${view.word}</div>
      <div style="font-size:15px;line-height:22px">${view.banner}</div>
    </td>
  </tr>`;
}

function overview(view: EmailView): Markup {
  if (view.overview.length === 0) return nothing;
  const more = view.unlisted === 0 ? nothing : html`<div>and ${view.unlisted} more on the dashboard</div>`;
  return html`<tr>
    <td class="pad ink" style="padding:16px 24px 4px;font:14px/22px ${fonts.body};color:#1c2128;word-break:break-word">
      ${view.overview.map(overviewLine)}${more}
    </td>
  </tr>`;
}

function overviewLine(row: OverviewRow): Markup {
  const accent = toneColours[row.tone].accent;
  return html`<div style="padding:2px 0">
    <b class="accent-${row.tone}" style="color:${accent}">${row.word}</b> <b>${row.target}</b>: ${row.message}
  </div> `;
}
