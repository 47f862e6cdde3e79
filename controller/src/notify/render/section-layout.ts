import { html, nothing, type Markup } from './markup.ts';
import { fonts, toneColours } from './palette.ts';
import { CHART_HEIGHT, CHART_WIDTH } from '../chart/chart-svg.ts';
import type { Fact } from './end-facts.ts';
import type { ChartView, CommandView, MetricRow, SectionView } from './section.ts';

/** One alert: what is wrong, facts, metrics, what to do, what the logs say, where to look. */
export function sectionMarkup(section: SectionView, separated: boolean): Markup {
  const border = separated ? 'border-top:1px solid #d5d9e0;' : '';
  return html`<tr>
    <td class="pad ink line" style="padding:20px 24px 24px;${border}font:14px/21px ${fonts.body};color:#1c2128">
      <h2
        class="ink title"
        style="margin:0 0 12px;font-size:18px;line-height:25px;font-weight:600;color:#1c2128;word-break:break-word;overflow-wrap:anywhere"
      >
        ${section.title}
      </h2>
      <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
        ${section.facts.map(factRow)}
      </table>
      ${metricsTable(section)} ${chartBlock(section.chart)} ${actionList(section.actions)}
      ${lineBlock('Last lines of its own output', section.output)} ${lineBlock('Last log entries', section.logEntries)}
      ${linkButton(section)} ${section.commands.map(commandBlock)}
    </td>
  </tr> `;
}

function heading(text: string): Markup {
  return html`<h3
    class="muted"
    style="margin:20px 0 6px;font-size:12px;line-height:18px;font-weight:600;letter-spacing:.6px;text-transform:uppercase;color:#5b6470"
  >
    ${text}
  </h3>`;
}

function factRow({ label, value }: Fact): Markup {
  return html`<tr>
    <td
      class="muted"
      valign="top"
      width="104"
      style="width:104px;padding:2px 12px 2px 0;color:#5b6470;white-space:nowrap"
    >
      ${label}
    </td>
    <td class="ink" valign="top" style="padding:2px 0;color:#1c2128;word-break:break-word;overflow-wrap:anywhere">
      ${value}
    </td>
  </tr> `;
}

function metricsTable({ metrics, tone }: SectionView): Markup {
  if (metrics.length === 0) return nothing;
  const cells = ['Metric', 'Now', 'Threshold'].map(
    (text) =>
      html`<th
        class="muted line"
        align="left"
        style="padding:5px 12px 5px 0;border-bottom:1px solid #d5d9e0;font-weight:600;color:#5b6470"
      >
        ${text}
      </th>`,
  );
  return html`${heading('Current metrics')}
    <table
      width="100%"
      cellpadding="0"
      cellspacing="0"
      border="0"
      style="border-collapse:collapse;font:14px/20px ${fonts.body}"
    >
      <tr>
        ${cells}
      </tr>
      ${metrics.map((row) => metricRow(row, tone))}
    </table>`;
}

function metricRow(row: MetricRow, tone: SectionView['tone']): Markup {
  const style = 'padding:5px 12px 5px 0;border-bottom:1px solid #e6e9ee;word-break:break-word';
  const value = row.breached
    ? html`<td class="line accent-${tone}" style="${style};font-weight:700;color:${toneColours[tone].accent}">
        ${row.value}
      </td>`
    : html`<td class="line ink" style="${style};color:#1c2128">${row.value}</td>`;
  const threshold = row.breached ? [row.threshold, 'breached'].filter((text) => text !== '').join(', ') : row.threshold;
  return html`<tr>
    <td class="line ink" style="${style};color:#1c2128">${row.label}</td>
    ${value}
    <td class="line muted" style="${style};color:#5b6470">${threshold}</td>
  </tr> `;
}

function actionList(actions: readonly string[]): Markup {
  if (actions.length === 0) return nothing;
  const items = actions.map(
    (action) => html`<li style="margin:0 0 4px;word-break:break-word;overflow-wrap:anywhere">${action}</li>`,
  );
  return html`${heading('Recommended actions')}
    <ol class="ink" style="margin:0;padding:0 0 0 22px;color:#1c2128">
      ${items}
    </ol>`;
}

/** The picture with its words, which are complete without it. */
function chartBlock(chart: ChartView | undefined): Markup {
  if (chart === undefined) return nothing;
  return html`${heading(chart.title)}
    <div class="muted" style="font-size:13px;line-height:19px;color:#5b6470">${chart.summary}</div>
    ${chart.contentId === undefined ? nothing : picture(chart, chart.contentId)}`;
}

function picture(chart: ChartView, contentId: string): Markup {
  return html`<img
      src="cid:${contentId}"
      width="${CHART_WIDTH}"
      height="${CHART_HEIGHT}"
      alt="${chart.title}: ${chart.summary}"
      style="display:block;width:100%;max-width:${CHART_WIDTH}px;height:auto;margin:8px 0 2px;border:0"
    />
    <table
      role="presentation"
      class="muted"
      width="100%"
      cellpadding="0"
      cellspacing="0"
      border="0"
      style="font-size:12px;line-height:17px;color:#5b6470"
    >
      <tr>
        <td align="left" valign="top">${chart.from}</td>
        <td align="center" valign="top" style="padding:0 12px">
          ${chart.range}, shaded: firing${chart.hasThreshold ? ', dashed: threshold' : ''}
        </td>
        <td align="right" valign="top">${chart.to}</td>
      </tr>
    </table>`;
}

/** One block a line: a phone wraps it without losing where the next entry begins. */
function lineBlock(title: string, texts: readonly string[]): Markup {
  if (texts.length === 0) return nothing;
  const rule = 'border-top:1px solid #dfe3e9';
  const lines = texts.map(
    (text, index) => html`<div class="line" style="padding:3px 0;${index > 0 ? rule : ''}">${text}</div>`,
  );
  return html`${heading(title)}
    <div
      class="log"
      style="padding:6px 12px;background:#f4f6f8;border:1px solid #dfe3e9;border-radius:4px;font:12px/17px ${fonts.code};color:#1c2128;word-break:break-word;overflow-wrap:anywhere"
    >
      ${lines}
    </div>`;
}

function linkButton({ link }: SectionView): Markup {
  if (link === undefined) return nothing;
  return html`<p style="margin:20px 0 0">
    <a
      class="link"
      href="${link}"
      style="display:inline-block;padding:9px 16px;border-radius:4px;background:#1c2128;color:#ffffff;font-weight:600;text-decoration:none"
      >Open the dashboard</a
    >
  </p>`;
}

function commandBlock({ effect, command }: CommandView): Markup {
  return html`<p class="muted" style="margin:16px 0 0;font-size:13px;line-height:19px;color:#5b6470">
    ${effect}:<br /><code
      class="ink"
      style="font:12px/18px ${fonts.code};color:#1c2128;word-break:break-word;overflow-wrap:anywhere"
      >${command}</code
    >
  </p> `;
}
