import type { AlertEpisode, ChangeMark } from '../model/episode.ts';
import type { LoadTestSpan, MarksAnswer } from './answers/container.ts';
import type { Span } from './details.ts';

/** Of each kind; more than a chart can show apart. */
export const MAX_MARKS = 500;

/** `episodes` newest first, `changes` oldest first; each may be one more than fits. */
export function marksAnswer(
  { fromMs, toMs }: Span,
  found: {
    readonly episodes: readonly AlertEpisode[];
    readonly changes: readonly ChangeMark[];
    readonly loadTests: readonly LoadTestSpan[];
  },
): MarksAnswer {
  const episodes = found.episodes.slice(0, MAX_MARKS).toReversed();
  const changes = found.changes.slice(-MAX_MARKS);
  return {
    from: fromMs,
    to: toMs,
    alerts: episodes.map(({ key, policy, rule, severity, message, firedAt, resolvedAt }) => ({
      key,
      policy,
      rule,
      severity,
      message,
      from: firedAt,
      to: resolvedAt ?? null,
    })),
    changes: changes.map(({ at, kind, exitCode, detail }) => ({
      at,
      kind,
      exitCode: exitCode ?? null,
      detail: detail ?? null,
    })),
    loadTests: found.loadTests.slice(-MAX_MARKS),
    leftOut: found.episodes.length - episodes.length + found.changes.length - changes.length,
  };
}
