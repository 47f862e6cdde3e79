import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const web = join(import.meta.dirname, '..');

/** Class names of the part of each selector that decides where a rule may begin. */
function firstClasses(path: string): readonly string[] {
  return selectorsOf(path).flatMap((selector) => /^\.([\w-]+)/.exec(selector)?.[1] ?? []);
}

function allClasses(path: string): readonly string[] {
  return selectorsOf(path).flatMap((selector) =>
    [...selector.matchAll(/\.([a-z][\w-]*)/g)].map(([, name = '']) => name),
  );
}

function selectorsOf(path: string): readonly string[] {
  const text = readFileSync(join(web, path), 'utf8').replaceAll(/\/\*.*?\*\//gs, '');
  return [...text.matchAll(/([^{};]+)\{/g)]
    .map(([, head = '']) => head.trim())
    .filter((head) => !head.startsWith('@'))
    .flatMap((head) => head.split(',').map((selector) => selector.trim()));
}

describe('style sheets that come with a view', () => {
  const ofThePage = new Set(globSync('css/*.css', { cwd: web }).flatMap(allClasses));
  const ofViews = globSync(['views/**/*.css', 'charts/*.css'], { cwd: web });

  it.each(ofViews)('%s stays out of what the page has from the start', (path) => {
    expect(firstClasses(path).filter((name) => ofThePage.has(name))).toEqual([]);
  });
});
