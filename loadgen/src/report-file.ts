/** Reports as files. */
import { writeFileSync } from 'node:fs';
import { csvOf } from './csv.ts';
import { pageOf } from './html/page.ts';
import type { Report } from './report.ts';
import type { OutputFile, OutputFormat } from './result-options.ts';

const WRITERS: Readonly<Record<OutputFormat, (report: Report) => string>> = {
  json: (report) => `${JSON.stringify(report)}\n`,
  csv: csvOf,
  html: pageOf,
};

/** @throws when the file cannot be written */
export function writeReport({ path, format }: OutputFile, report: Report): void {
  writeFileSync(path, WRITERS[format](report));
}
