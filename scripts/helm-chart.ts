/** Writes the Helm chart from manifests/ and crds/. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chartFiles } from './helm-chart/chart.ts';
import { repositoryRoot } from './up/places.ts';

const chartDirectory = join(repositoryRoot, 'charts/foghorn');

rmSync(chartDirectory, { recursive: true, force: true });
for (const [path, text] of chartFiles()) {
  const file = join(chartDirectory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
