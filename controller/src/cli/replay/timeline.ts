import type { Phase, ReplayedAlert } from '../../replay/course.ts';
import { cell, timeText } from './words.ts';
import type { Replay } from '../../replay/replay-policy.ts';

const CELLS = 72;
const MAX_LINES = 100;
const NAME_CHARS = 28;

/** Least first, so that an index compares; what is worse covers what is less in one cell. */
const states: readonly Phase['state'][] = ['pending', 'info', 'warning', 'critical'];
const marks: Readonly<Record<Phase['state'], string>> = { pending: 'p', info: 'i', warning: 'w', critical: 'C' };

/** One line for each rule and target, time from left to right. */
export function timelineOf({ alerts, fromMs, toMs }: Replay): readonly string[] {
  const lines = [...Map.groupBy(alerts, ({ key }) => key).values()].slice(0, MAX_LINES).map((ofKey) => {
    const [{ rule, target } = { rule: '', target: '' }] = ofKey;
    return `${cell(`${rule} ${target}`, NAME_CHARS).padEnd(NAME_CHARS)} ${cellsOf(ofKey, fromMs, toMs)}`;
  });
  const [from, to] = [timeText(fromMs), timeText(toMs)];
  return [
    `${' '.repeat(NAME_CHARS)} ${from}${to.padStart(CELLS - from.length)}`,
    ...lines,
    `${' '.repeat(NAME_CHARS)} p pending, i info, w warning, C critical`,
  ];
}

function cellsOf(alerts: readonly ReplayedAlert[], fromMs: number, toMs: number): string {
  const worst = Array.from({ length: CELLS }, () => -1);
  const width = Math.max(1, toMs - fromMs) / CELLS;
  for (const alert of alerts) {
    for (const [index, phase] of alert.phases.entries()) {
      const endMs = alert.phases[index + 1]?.fromMs ?? alert.toMs ?? toMs;
      const first = Math.floor((phase.fromMs - fromMs) / width);
      const last = Math.max(first, Math.ceil((endMs - fromMs) / width) - 1);
      for (let at = Math.max(0, first); at <= Math.min(CELLS - 1, last); at += 1) {
        worst[at] = Math.max(worst[at] ?? -1, states.indexOf(phase.state));
      }
    }
  }
  return worst
    .map((state) => marks[states[state] ?? 'pending'] ?? '.')
    .map((mark, at) => (worst[at] === -1 ? '.' : mark))
    .join('');
}
