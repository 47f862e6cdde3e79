import { formatDuration } from '../../model/duration.ts';
import type { Values } from '../../model/verdict.ts';
import type { ReplayedAlert } from '../../replay/course.ts';
import type { Replay } from '../../replay/replay-policy.ts';
import { timelineOf } from './timeline.ts';
import { cell, timeText } from './words.ts';

const header = ['ALERT', 'SEVERITY', 'TARGET', 'FROM', 'TO', 'DURATION', 'MAILS', 'VALUES'];
/** Rows of the table; the JSON has all. */
const MAX_ROWS = 200;

/** A replay for people: table, timeline, mails, and what could not be known. Times are UTC. */
export function printReplay(replay: Replay): string {
  const { alerts, mails, unknown, notes } = replay;
  const span = `${timeText(replay.fromMs)} to ${timeText(replay.toMs)}`;
  const counts = Map.groupBy(mails, ({ reason }) => reason);
  const byReason = [...counts].map(([reason, of]) => `${reason} ${of.length}`).join(', ');
  return [
    `${replay.policy}, ${span}: ${replay.targets.length} targets, ${replay.looks} looks`,
    '',
    ...(alerts.length === 0 ? ['nothing would have fired'] : [...table(alerts), '', ...timelineOf(replay)]),
    '',
    `mails: ${mails.length}${mails.length === 0 ? '' : ` (${byReason})`}`,
    ...unknown.map(
      ({ rule, severity, looks, reason }) => `unknown: ${rule} (${severity}) in ${looks} looks: ${cell(reason, 120)}`,
    ),
    ...notes.map((note) => `note: ${cell(note, 400)}`),
    '',
  ].join('\n');
}

function table(alerts: readonly ReplayedAlert[]): readonly string[] {
  const rows = [header, ...alerts.slice(0, MAX_ROWS).map(row)];
  const widths = header.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const lines = rows.map((cells) =>
    cells
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return alerts.length > MAX_ROWS ? [...lines, `... and ${alerts.length - MAX_ROWS} more`] : lines;
}

function row(alert: ReplayedAlert): string[] {
  const { rule, severity, fired, target, fromMs, toMs, mails, values } = alert;
  return [
    cell(rule),
    fired ? severity : `(${severity} pending)`,
    cell(target),
    timeText(fromMs),
    toMs === undefined ? 'still' : timeText(toMs),
    toMs === undefined ? '' : formatDuration(toMs - fromMs),
    String(mails),
    cell(valuesText(values)),
  ];
}

function valuesText(values: Values): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${typeof value === 'number' ? Number(value.toFixed(2)) : String(value)}`)
    .join(' ');
}
