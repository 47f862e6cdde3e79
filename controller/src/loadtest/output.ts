import type { Output } from './launcher.ts';
import { decodeLine, type ProgressLine, type ReportLine } from './protocol.ts';

/** Longest complaint that goes into a status. */
const MAX_COMPLAINT_CHARS = 300;

/** Reads the end of what a generator wrote; a line that was cut at the front does not count. */
export function readOutput(standardOutput: string, standardError: string): Output {
  let progress: ProgressLine | undefined;
  let report: ReportLine | undefined;
  for (const line of standardOutput.split('\n').toReversed()) {
    const decoded = decodeLine(line);
    if (decoded?.type === 'report') report ??= decoded;
    if (decoded?.type !== 'progress') continue;
    progress = decoded;
    break;
  }
  return { progress, report, complaint: complaintOf(standardError) };
}

/** The last line that is none of a stack trace, free of what could steer a terminal. */
function complaintOf(standardError: string): string {
  const lines = standardError
    .split('\n')
    .map((line) => line.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trimEnd())
    .filter((line) => line !== '' && !/^\s+at /.test(line) && !line.startsWith('Node.js v'));
  return (lines.at(-1) ?? '').trim().slice(0, MAX_COMPLAINT_CHARS);
}
