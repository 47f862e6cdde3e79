/** Lowest first, so that an index compares. */
export const severities = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** Negative when `a` is lower than `b`, zero when equal. */
export function compareSeverity(a: Severity, b: Severity): number {
  return severities.indexOf(a) - severities.indexOf(b);
}

const reactionTimes: Readonly<Record<Severity, string>> = {
  critical: 'within minutes',
  warning: 'within 30 minutes',
  info: 'next business hours',
};

/** How soon somebody is expected to react, in words for the message. */
export function reactionTime(severity: Severity): string {
  return reactionTimes[severity];
}
