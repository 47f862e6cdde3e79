import { useEffect, useState } from 'preact/hooks';
import { get } from '../api.ts';
import type { ViewName, ViewParams } from '../route.ts';
import { lazyViews, type View } from '../views.ts';
import { MissingView } from './missing-view.tsx';

type Loaded =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly view: View }
  | { readonly state: 'failed'; readonly reason: string };

/** Loads the script of a view, and says so when that fails: after an update the old file is gone. */
export function LazyView({ name, params }: { readonly name: ViewName; readonly params: ViewParams }) {
  const [loaded, setLoaded] = useState<Loaded & { readonly name?: ViewName }>({ state: 'loading' });
  const load = lazyViews[name];
  useEffect(() => {
    let isWanted = true;
    load?.()
      .then((view) => isWanted && setLoaded({ state: 'ready', view, name }))
      .catch(async () => isWanted && setLoaded({ state: 'failed', reason: await whyNot(), name }));
    return () => {
      isWanted = false;
    };
  }, [name, load]);
  if (load === undefined) return <MissingView address={name} />;
  // What was loaded before is of another view until the effect has run.
  if (loaded.name !== name || loaded.state === 'loading') return <p class="empty">loading ...</p>;
  if (loaded.state === 'ready') return <loaded.view params={params} />;
  return (
    <div class="problems" role="alert">
      <h1>This view could not be loaded</h1>
      <p>{loaded.reason}</p>
      <button type="button" class="button primary" onClick={() => globalThis.location.reload()}>
        reload the page
      </button>
    </div>
  );
}

async function whyNot(): Promise<string> {
  const answer = await get<unknown>('api/session');
  return answer.ok ? 'The controller was updated since the page was opened.' : answer.error;
}
