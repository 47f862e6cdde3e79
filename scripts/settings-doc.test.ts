import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { settingsDoc } from './settings-doc.ts';

it('keeps docs/settings.md as the table of settings has it (npm run generate)', () => {
  expect(readFileSync(join(import.meta.dirname, '../docs/settings.md'), 'utf8')).toBe(settingsDoc());
});
