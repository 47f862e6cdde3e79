import type { ThresholdVerdict } from '../model/load-test.ts';
import type { Ending } from '../model/load-run.ts';
import { mergeReports, type MergedReport } from './merge.ts';
import type { ReportLine } from './protocol.ts';

/** Past this the generator itself was the bottleneck: requests with a free connection went out so much too late. */
const LAG_LIMIT_SECONDS = 0.1;

/** What a run that carried out its plan comes to. */
export function verdictOf(reports: readonly ReportLine[], verdicts: readonly ThresholdVerdict[]): Ending {
  const merged = mergeReports(reports);
  const { requests } = merged.summary;
  const doubt = doubtOf(merged);
  if (requests > 0 && Object.keys(merged.statuses).length === 0) {
    return { reason: 'TargetUnreachable', message: `none of ${requests} requests was answered: ${wordKinds(merged)}` };
  }
  const failed = verdicts.filter(({ passed }) => passed !== true);
  if (failed.length > 0) {
    const words = failed.map(
      ({ name, observed, passed }) =>
        `${name} ${passed === false ? 'does not hold' : 'cannot be judged'} (${observed})`,
    );
    return { reason: 'ThresholdsFailed', message: `${words.join('; ')}${doubt}` };
  }
  const passed =
    verdicts.length === 0
      ? 'the plan was carried out, no thresholds are set'
      : `all ${verdicts.length} thresholds hold`;
  return { reason: 'ThresholdsPassed', message: `${passed}${doubt}` };
}

function doubtOf({ lagP99Seconds }: MergedReport): string {
  if (lagP99Seconds <= LAG_LIMIT_SECONDS) return '';
  return `; the result is unreliable: the generator itself was late (99th percentile ${lagP99Seconds.toFixed(2)} s), use more parallelism`;
}

function wordKinds({ failures }: MergedReport): string {
  return Object.entries(failures)
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ');
}
