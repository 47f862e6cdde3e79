import type { FiringAlert, ResolvedAlert } from '../../model/alert.ts';
import type { AlertContext, NotifiedAlert } from '../../model/notification.ts';
import { cleanLine } from './clean.ts';
import { captionOf, type Caption } from '../chart/caption.ts';
import { endFacts, type Fact } from './end-facts.ts';
import { formatInstant, formatSpan, formatTimeOfDay } from './format-time.ts';
import { acknowledgeCommand, dashboardLink, silenceCommand } from './links.ts';
import { toneOf, type RenderContext, type Tone } from './tone.ts';

/** One alert of a mail, with what its reader needs to act. */
export interface SectionView {
  readonly tone: Tone;
  /** `webapp: CPU 85.2 % (rule cpu > 80)`. */
  readonly title: string;
  readonly facts: readonly Fact[];
  readonly metrics: readonly MetricRow[];
  readonly actions: readonly string[];
  /** Empty for a host: the logs are about containers. */
  readonly logEntries: readonly string[];
  /** Last lines that the container itself wrote; empty while it runs well. */
  readonly output: readonly string[];
  readonly chart?: ChartView | undefined;
  readonly link?: string | undefined;
  readonly commands: readonly CommandView[];
}

export interface ChartView extends Caption {
  /** First and last time of it, in the reader's zone. */
  readonly from: string;
  readonly to: string;
  readonly hasThreshold: boolean;
  /** Of the picture within the mail; absent when there is none. */
  readonly contentId?: string | undefined;
}

/** What an operator may paste into a shell. */
export interface CommandView {
  readonly effect: string;
  readonly command: string;
}

export interface MetricRow {
  readonly label: string;
  readonly value: string;
  /** Empty when nothing is expected of it. */
  readonly threshold: string;
  readonly breached: boolean;
}

/** Bounds that keep one section under the size at which mail readers clip, whatever it is fed. */
const MAX_NAME_LENGTH = 100;
const MAX_MESSAGE_LENGTH = 300;
const MAX_METRICS = 16;
const MAX_CELL_LENGTH = 40;
const MAX_ACTIONS = 8;
const MAX_ACTION_LENGTH = 240;
const MAX_LOG_ENTRIES = 10;
const MAX_LOG_ENTRY_LENGTH = 200;
const MAX_OUTPUT_LINES = 10;
const MAX_OUTPUT_LINE_LENGTH = 200;

/** For a rule that recommends nothing. */
const defaultActions: readonly string[] = [
  'Look at the container on the dashboard and at its own output, and find what changed at the time of detection.',
];

type ToldAlert = FiringAlert | ResolvedAlert;

export function sectionOf({ alert, context }: NotifiedAlert, render: RenderContext): SectionView {
  const firing = alert.state === 'firing';
  return {
    tone: toneOf(alert),
    title: titleOf(alert),
    facts: factsOf(alert, context, render),
    metrics: metricsOf(alert, context),
    actions: firing ? actionsOf(alert) : [],
    logEntries: logsOf(alert, context),
    output: (context.output ?? []).slice(-MAX_OUTPUT_LINES).map((line) => cleanLine(line, MAX_OUTPUT_LINE_LENGTH)),
    chart: chartOf(alert, context, render),
    link: dashboardLink(render.dashboardUrl, alert.target.id),
    commands: firing ? commandsOf(alert, context) : [],
  };
}

/** The message about a host names it. */
function titleOf({ target, message }: ToldAlert): string {
  const words = cleanLine(message, MAX_MESSAGE_LENGTH);
  return target.kind === 'host' ? words : `${name(target.name)}: ${words}`;
}

function factsOf(alert: ToldAlert, context: AlertContext, { now, timeZone }: RenderContext): readonly Fact[] {
  const facts: Fact[] = [
    ...(alert.target.kind === 'host' ? [] : [{ label: 'Container', value: containerText(alert, context) }]),
    { label: 'Host', value: name(alert.target.host) },
    ...endFacts(context.end),
    { label: 'Severity', value: alert.severity.toUpperCase() },
    { label: 'Policy', value: `${name(alert.policy)}, rule ${name(alert.rule)}` },
    { label: 'Detected', value: formatInstant(alert.pendingSince, timeZone) },
    { label: 'Firing since', value: formatInstant(alert.firedAt, timeZone) },
  ];
  if (alert.state === 'resolved') facts.push({ label: 'Resolved', value: formatInstant(alert.resolvedAt, timeZone) });
  const end = alert.state === 'resolved' ? alert.resolvedAt : now;
  facts.push({ label: 'Duration', value: formatSpan(end - alert.firedAt) });
  const { flaps } = alert.notified;
  if (flaps > 0)
    facts.push({
      label: 'Flapping',
      value: `fired ${flaps} more ${flaps === 1 ? 'time' : 'times'} since the last mail about it`,
    });
  return facts;
}

/** `webapp (app:1, running)`. */
function containerText(alert: ToldAlert, context: AlertContext): string {
  const details = [context.image, context.state].map(name).filter((text) => text !== '');
  return details.length === 0 ? name(alert.target.name) : `${name(alert.target.name)} (${details.join(', ')})`;
}

/** The readings of now; where there are none, the values that the rule saw. Of a host the message says it all. */
function metricsOf(alert: ToldAlert, { metrics }: AlertContext): readonly MetricRow[] {
  if (alert.target.kind === 'host') return [];
  const readings =
    metrics.length > 0
      ? metrics
      : Object.entries(alert.values).map(([label, value]) => ({ label, value: String(value) }));
  return readings.slice(0, MAX_METRICS).map((reading) => ({
    label: cell(reading.label),
    value: cell(reading.value),
    threshold: cell('threshold' in reading ? (reading.threshold ?? '') : ''),
    breached: 'breached' in reading && reading.breached === true,
  }));
}

function logsOf({ target }: ToldAlert, { logEntries }: AlertContext): readonly string[] {
  if (target.kind === 'host') return [];
  if (logEntries.length === 0) return ['none yet'];
  return logEntries.slice(-MAX_LOG_ENTRIES).map((entry) => cleanLine(entry, MAX_LOG_ENTRY_LENGTH));
}

function actionsOf(alert: ToldAlert): readonly string[] {
  const actions = alert.actions.length > 0 ? alert.actions : defaultActions;
  return actions.slice(0, MAX_ACTIONS).map((action) => cleanLine(action, MAX_ACTION_LENGTH));
}

function commandsOf(alert: ToldAlert, { objectName }: AlertContext): readonly CommandView[] {
  const [namespace = '', policy = ''] = alert.policy.split('/', 2);
  const acknowledge = objectName === undefined ? undefined : acknowledgeCommand(namespace, objectName);
  const container = alert.target.kind === 'host' ? undefined : alert.target.name;
  const silence = silenceCommand({ namespace, policy, rule: alert.rule, container });
  return [
    { effect: 'No more reminders of this alert', command: acknowledge },
    {
      effect: `No mail about this rule${container === undefined ? '' : ' and container'} for 2 hours`,
      command: silence,
    },
  ].flatMap(({ effect, command }) => (command === undefined ? [] : [{ effect, command }]));
}

function chartOf(alert: ToldAlert, { chart }: AlertContext, render: RenderContext): ChartView | undefined {
  const caption = chart === undefined ? undefined : captionOf(chart);
  if (chart === undefined || caption === undefined) return undefined;
  return {
    ...caption,
    from: formatTimeOfDay(chart.fromMs, render.timeZone),
    to: formatTimeOfDay(chart.toMs, render.timeZone),
    hasThreshold: chart.threshold !== undefined,
    contentId: render.pictures?.get(alert.key)?.contentId,
  };
}

function name(text: string): string {
  return cleanLine(text, MAX_NAME_LENGTH);
}

function cell(text: string): string {
  return cleanLine(text, MAX_CELL_LENGTH);
}
