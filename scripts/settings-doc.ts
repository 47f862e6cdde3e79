import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settings } from '../controller/src/settings.ts';

/** docs/settings.md as the table of settings has it; a test holds the file to it. */
export function settingsDoc(): string {
  const rows = Object.entries(settings).map(
    ([name, { default: value, help }]) => `| \`${name}\` | ${value === '' ? '' : `\`${value}\``} | ${help} |`,
  );
  return `# Settings

Environment variables of the controller. Compose reads them from \`.env\` (\`.env.example\` explains those that matter there).
A wrong value stops the start with one line that names all that are wrong.

| name | default | meaning |
|---|---|---|
${rows.join('\n')}
`;
}

if (import.meta.main) writeFileSync(join(import.meta.dirname, '../docs/settings.md'), settingsDoc());
