import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { href, parseRoute, viewNames } from './route.ts';

describe('parseRoute', () => {
  it.each([
    ['', 'overview', [], {}],
    ['#/', 'overview', [], {}],
    ['#/?q=sev%3Acritical&sort=-cpu', 'overview', [], { q: 'sev:critical', sort: '-cpu' }],
    ['#/container/local%2Fweb?range=1h', 'container', ['local/web'], { range: '1h' }],
    ['#/policies/default%2Fweb/edit', 'policies', ['default/web', 'edit'], {}],
    ['#/load-tests', 'load-tests', [], {}],
    ['#/nothing/here', 'missing', ['nothing', 'here'], {}],
    ['#/container/%E0%A4%A', 'container', ['%E0%A4%A'], {}],
    ['#/missing', 'missing', ['missing'], {}],
  ])('%j', (hash, view, path, query) => {
    expect(parseRoute(hash)).toEqual({ view, params: { path, query } });
  });

  it('goes to the container that a mail links to, unless the address says more', () => {
    expect(parseRoute('', '?target=local%2Fshop%2Fdb%2F1')).toEqual({
      view: 'container',
      params: { path: ['local/shop/db/1'], query: {} },
    });
    expect(parseRoute('#/alerts', '?target=local%2Fweb').view).toBe('alerts');
  });
});

describe('href', () => {
  it('leaves out what is undefined or empty', () => {
    expect(href('overview', [], { q: '', sort: undefined })).toBe('#/');
    expect(href('overview', [], { q: 'a b' })).toBe('#/?q=a+b');
  });

  it('is read back as it was meant, whatever the names are', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    const query = fc.dictionary(text, text).map((made) => ({ ...made }));
    fc.assert(
      fc.property(fc.constantFrom(...viewNames), fc.array(text), query, (view, path, asked) => {
        const usedPath = view === 'overview' ? [] : path;
        const params = { path: usedPath, query: asked };
        expect(parseRoute(href(view, usedPath, asked))).toEqual({ view, params });
      }),
    );
  });
});
