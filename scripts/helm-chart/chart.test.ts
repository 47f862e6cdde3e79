import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repositoryRoot } from '../up/places.ts';
import { chartFiles } from './chart.ts';
import { createTemplateText } from './template-text.ts';

const directory = join(repositoryRoot, 'charts/foghorn');
const files = chartFiles();

it('finds the committed chart to have the files that manifests/ gives', () => {
  const committed = globSync('**/*.yaml', { cwd: directory });
  expect(committed.toSorted(), 'run "node scripts/helm-chart.ts"').toEqual([...files.keys()].toSorted());
});

it.each([...files])('finds charts/foghorn/%s as manifests/ and crds/ give it', (path, text) => {
  expect(readFileSync(join(directory, path), 'utf8'), 'run "node scripts/helm-chart.ts"').toBe(text);
});

it('writes values, lines among keys and lines among items where they stand', () => {
  const text = createTemplateText();
  const object = {
    value: text.value('{{ a }}'),
    keys: { first: 1, [text.lines('{{- if b }}', 'second: 2', '{{- end }}')]: null },
    items: ['x', text.lines('{{- if c }}', '- y', '{{- end }}')],
  };
  expect(text.write(object)).toBe(`value: {{ a }}
keys:
  first: 1
  {{- if b }}
  second: 2
  {{- end }}
items:
  - x
  {{- if c }}
  - y
  {{- end }}
`);
});
