import type { MetricRow, SectionView } from './section.ts';
import type { EmailView } from './view.ts';

/** The plain-text part: complete by itself, no line that depends on the HTML. */
export function renderText(view: EmailView, sectionCount: number): string {
  const overview = view.overview.map((row) => `- ${row.word} ${row.target}: ${row.message}`);
  if (view.unlisted > 0) overview.push(`- and ${view.unlisted} more on the dashboard`);
  const blocks = [
    `${view.headline}\n${view.banner}`,
    overview.join('\n'),
    ...view.sections.slice(0, sectionCount).map(sectionText),
    `--\n${view.footer}`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function sectionText(section: SectionView): string {
  const blocks = [
    `${section.title}\n${'='.repeat(Math.min(section.title.length, MAX_RULE_LENGTH))}`,
    factsText(section),
    titled('CURRENT METRICS', metricsText(section.metrics)),
    section.chart === undefined ? '' : titled(section.chart.title.toUpperCase(), section.chart.summary),
    titled('RECOMMENDED ACTIONS', section.actions.map((action, index) => `${index + 1}. ${action}`).join('\n')),
    titled('LAST LINES OF ITS OWN OUTPUT', section.output.join('\n')),
    titled('LAST LOG ENTRIES', section.logEntries.join('\n')),
    section.link === undefined ? '' : `Dashboard: ${section.link}`,
    ...section.commands.map(({ effect, command }) => `${effect}:\n${command}`),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

/** A line of text mail is at most about this long. */
const MAX_RULE_LENGTH = 72;

function titled(title: string, body: string): string {
  return body === '' ? '' : `${title}\n${body}`;
}

function factsText({ facts }: SectionView): string {
  const width = Math.max(...facts.map(({ label }) => label.length));
  return facts.map(({ label, value }) => `${label.padEnd(width)}  ${value}`).join('\n');
}

function metricsText(metrics: readonly MetricRow[]): string {
  if (metrics.length === 0) return '';
  const header = { label: 'Metric', value: 'Now', threshold: 'Threshold', breached: false };
  const rows = [header, ...metrics];
  const labelWidth = Math.max(...rows.map(({ label }) => label.length));
  const valueWidth = Math.max(...rows.map(({ value }) => value.length));
  const thresholdWidth = Math.max(...rows.map(({ threshold }) => threshold.length));
  return rows
    .map(({ label, value, threshold, breached }) => {
      const mark = breached ? 'BREACHED' : '';
      return `${label.padEnd(labelWidth)}  ${value.padEnd(valueWidth)}  ${threshold.padEnd(thresholdWidth)}  ${mark}`.trimEnd();
    })
    .join('\n');
}
