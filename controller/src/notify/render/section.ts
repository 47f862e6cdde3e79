import type { FiringAlert, ResolvedAlert } from '../../model/alert.ts';
import type { AlertContext, NotifiedAlert } from '../../model/notification.ts';
import { cleanLine } from './clean.ts';
import { formatInstant, formatSpan } from './format-time.ts';
import { acknowledgeCommand, dashboardLink } from './links.ts';
import { toneOf, type RenderContext, type Tone } from './tone.ts';

/** One alert of a mail, with what its reader needs to act. */
export interface SectionView {
  readonly tone: Tone;
  /** `webapp: CPU 85.2 % (rule cpu > 80)`. */
  readonly title: string;
  readonly facts: readonly Fact[];
  readonly metrics: readonly MetricRow[];
  readonly actions: readonly string[];
  readonly logEntries: readonly string[];
  readonly link?: string | undefined;
  readonly acknowledge?: string | undefined;
}

export interface Fact {
  readonly label: string;
  readonly value: string;
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
const MAX_LOG_ENTRY_LENGTH = 240;

/** For a rule that recommends nothing. */
const defaultActions: readonly string[] = [
  'Look at the container on the dashboard and at its own output, and find what changed at the time of detection.',
];

type ToldAlert = FiringAlert | ResolvedAlert;

export function sectionOf({ alert, context }: NotifiedAlert, render: RenderContext): SectionView {
  const firing = alert.state === 'firing';
  return {
    tone: toneOf(alert),
    title: `${name(alert.target.name)}: ${cleanLine(alert.message, MAX_MESSAGE_LENGTH)}`,
    facts: factsOf(alert, context, render),
    metrics: metricsOf(alert, context),
    actions: firing ? actionsOf(alert) : [],
    logEntries: context.logEntries.slice(-MAX_LOG_ENTRIES).map((entry) => cleanLine(entry, MAX_LOG_ENTRY_LENGTH)),
    link: dashboardLink(render.dashboardUrl, alert.target.id),
    acknowledge: firing ? acknowledgementOf(alert, context) : undefined,
  };
}

function factsOf(alert: ToldAlert, context: AlertContext, { now, timeZone }: RenderContext): readonly Fact[] {
  const facts: Fact[] = [
    { label: 'Container', value: containerText(alert, context) },
    { label: 'Host', value: name(alert.target.host) },
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

/** The readings of now; where there are none, the values that the rule saw. */
function metricsOf(alert: ToldAlert, { metrics }: AlertContext): readonly MetricRow[] {
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

function actionsOf(alert: ToldAlert): readonly string[] {
  const actions = alert.actions.length > 0 ? alert.actions : defaultActions;
  return actions.slice(0, MAX_ACTIONS).map((action) => cleanLine(action, MAX_ACTION_LENGTH));
}

function acknowledgementOf(alert: ToldAlert, context: AlertContext): string | undefined {
  const [namespace] = alert.policy.split('/', 1);
  if (namespace === undefined || context.objectName === undefined) return undefined;
  return acknowledgeCommand(namespace, context.objectName);
}

function name(text: string): string {
  return cleanLine(text, MAX_NAME_LENGTH);
}

function cell(text: string): string {
  return cleanLine(text, MAX_CELL_LENGTH);
}
