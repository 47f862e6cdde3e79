import { cardPage, banner, footer } from './layout.ts';
import { html, nothing, type Markup } from './markup.ts';
import { fonts } from './palette.ts';
import type { Tone } from './tone.ts';

/** A mail that is about no single alert: sentences, perhaps a list. All of it is plain text. */
export interface Notice {
  readonly subject: string;
  readonly tone: Tone;
  /** `TEST`. */
  readonly word: string;
  /** One sentence, in the banner and in the preview of an inbox. */
  readonly summary: string;
  readonly sentences: readonly string[];
  readonly items?: readonly string[] | undefined;
  readonly footer: string;
}

/** Text and HTML, both complete. */
export function renderNotice(notice: Notice): { readonly text: string; readonly html: string } {
  const { subject, tone, word, summary, sentences, items = [] } = notice;
  const rows = [banner({ tone, word, banner: summary }), body(sentences, items), footer(notice.footer)];
  const parts = [[`${word}: ${summary}`], sentences, items.map((item) => `- ${item}`), [notice.footer]];
  const text = parts.filter(({ length }) => length > 0).map((lines) => lines.join('\n'));
  return { text: `${text.join('\n\n')}\n`, html: cardPage({ title: subject, preview: summary, rows }) };
}

function body(sentences: readonly string[], items: readonly string[]): Markup {
  const list = items.map((item) => html`<li style="margin:0 0 6px">${item}</li>`);
  return html`<tr>
    <td
      class="pad ink"
      style="padding:16px 24px;font:15px/23px ${fonts.body};color:#1c2128;word-break:break-word;overflow-wrap:anywhere"
    >
      ${sentences.map((sentence) => html`<p style="margin:0 0 10px">${sentence}</p>`)}
      ${
        items.length === 0
          ? nothing
          : html`<ul style="margin:0;padding:0 0 0 20px">
              ${list}
            </ul>`
      }
    </td>
  </tr>`;
}
