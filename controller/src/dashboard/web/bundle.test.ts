import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const BUILD_TIMEOUT_MS = 60_000;
/** All scripts together, with the charts and the editor. */
const MAX_SCRIPT_BYTES = 120_000;
/** What the overview needs: the rest is loaded with the view that uses it. */
const MAX_FIRST_BYTES = 35_000;

describe('the bundled page', () => {
  let folder = '';
  let html = '';
  let scripts: readonly { readonly name: string; readonly text: string; readonly gzipBytes: number }[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'foghorn-page-'));
    const configFile = join(import.meta.dirname, '../../../vite.config.ts');
    await build({ configFile, build: { outDir: folder, emptyOutDir: true } });
    html = await readFile(join(folder, 'index.html'), 'utf8');
    const names = (await readdir(join(folder, 'assets'))).filter((name) => name.endsWith('.js'));
    scripts = await Promise.all(
      names.map(async (name) => {
        const text = await readFile(join(folder, 'assets', name), 'utf8');
        return { name, text, gzipBytes: gzipSync(text).length };
      }),
    );
  }, BUILD_TIMEOUT_MS);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('has less than 120 kB of script, of which the overview loads less than 35 kB', () => {
    const total = scripts.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0);
    const first = scripts.filter(({ name }) => html.includes(name)).reduce((sum, { gzipBytes }) => sum + gzipBytes, 0);
    expect(total).toBeLessThan(MAX_SCRIPT_BYTES);
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(MAX_FIRST_BYTES);
  });

  it('has nothing that its content security policy forbids', () => {
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style/);
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    for (const { text } of scripts) {
      expect(text).not.toMatch(/\b(?:eval|Function)\(['"`]/);
    }
  });

  it('works below a sub-path: all of its addresses are relative', () => {
    const addresses = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
    expect(addresses.length).toBeGreaterThan(2);
    expect(addresses.filter((address) => address?.startsWith('./') !== true)).toEqual([]);
  });
});
