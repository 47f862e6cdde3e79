import type { ThresholdVerdict } from '../model/load-test.ts';
import type { Ending } from '../model/load-run.ts';
import { mergeReports, type MergedReport } from './merge.ts';
import type { ReportLine } from './protocol.ts';

/** What a run that carried out its plan comes to. */
export function verdictOf(reports: readonly ReportLine[], verdicts: readonly ThresholdVerdict[]): Ending {
  const merged = mergeReports(reports);
  const { requests, errors } = merged.summary;
  const remarks = `${failuresOf(merged)}${doubtOf(merged)}`;
  // An error of HTTP is an answer; one that broke off is none.
  const unanswered = errors - (merged.failures['http'] ?? 0);
  if (requests > 0 && unanswered === requests) {
    return { reason: 'TargetUnreachable', message: `none of ${requests} requests was answered: ${wordKinds(merged)}` };
  }
  const failed = verdicts.filter(({ passed }) => passed !== true);
  if (failed.length > 0) {
    const words = failed.map(
      ({ name, observed, passed }) =>
        `${name} ${passed === false ? 'does not hold' : 'cannot be judged'} (${observed})`,
    );
    return { reason: 'ThresholdsFailed', message: `${words.join('; ')}${remarks}` };
  }
  const passed =
    verdicts.length === 0
      ? 'the plan was carried out, no thresholds are set'
      : `all ${verdicts.length} thresholds hold`;
  return { reason: 'ThresholdsPassed', message: `${passed}${remarks}` };
}

function doubtOf({ doubts }: MergedReport): string {
  if (doubts.length === 0) return '';
  return `; the result is unreliable, a generator itself was the bottleneck: ${doubts.join('; ')}; use more parallelism, or a machine with less to do`;
}

/** Why requests failed is told nowhere else. */
function failuresOf(merged: MergedReport): string {
  const { requests, errors } = merged.summary;
  return errors === 0 ? '' : `; ${errors} of ${requests} requests failed: ${wordKinds(merged)}`;
}

function wordKinds({ failures }: MergedReport): string {
  return Object.entries(failures)
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ');
}
