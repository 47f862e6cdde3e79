import { createCell, useCell, type Cell } from './cell.ts';
import { href, parseRoute, type Route } from './route.ts';

export interface Router {
  readonly route: Cell<Route>;
  go(address: string): void;
  /** Changes the query of the present address: filter, sort, range. No new entry in the history of the browser. */
  setQuery(changes: Readonly<Record<string, string | undefined>>): void;
  /** Gives back a function that ends it. */
  start(): () => void;
}

export function createRouter(page: Window): Router {
  const route = createCell(parseRoute(page.location.hash, page.location.search));
  const read = (): void => route.set(parseRoute(page.location.hash, page.location.search));
  return {
    route,
    go(address) {
      page.location.hash = address;
    },
    setQuery(changes) {
      const { view, params } = route.get();
      if (view === 'missing') return;
      page.history.replaceState(null, '', href(view, params.path, { ...params.query, ...changes }));
      read();
    },
    start() {
      const { view, params } = route.get();
      // From here on the address after the hash alone says what is shown.
      if (page.location.search !== '' && view !== 'missing') {
        page.history.replaceState(null, '', `${page.location.pathname}${href(view, params.path, params.query)}`);
      }
      page.addEventListener('hashchange', read);
      return () => page.removeEventListener('hashchange', read);
    },
  };
}

/** The router of this page. */
export const router: Router = createRouter(globalThis.window);

export function useRoute(): Route {
  return useCell(router.route);
}
