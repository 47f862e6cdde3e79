import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const path = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
let source: Promise<string> | undefined;

/** What axe-core finds wrong with the page as it is now, one line each. Not as a script of the page: its policy forbids that. */
export async function violations(page: Page): Promise<readonly string[]> {
  source ??= readFile(path, 'utf8');
  const results = await page.evaluate<AxeResults>(
    `${await source}; axe.run(document, { resultTypes: ['violations'] })`,
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html.slice(0, 200)}: ${failureSummary}`),
  );
}
