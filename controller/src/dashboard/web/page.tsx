import { useEffect, useRef } from 'preact/hooks';
import { spoken } from './announce.ts';
import { useCell } from './cell.ts';
import { useCommands } from './keyboard/commands.ts';
import { connection, startLive } from './live/live.ts';
import { OverviewView } from './overview/overview-view.tsx';
import { Footer } from './parts/footer.tsx';
import { Header } from './parts/header.tsx';
import { LazyView } from './parts/lazy-view.tsx';
import { MissingView } from './parts/missing-view.tsx';
import { Notices } from './parts/notices.tsx';
import { href, type Route, type ViewName } from './route.ts';
import { router, useRoute } from './router.ts';
import { useSession } from './session.ts';
import { SignInView } from './sign-in/sign-in-view.tsx';
import { startSpeaking, useTab } from './use-tab.ts';
import { viewTitles } from './views.ts';

/** The whole page: who is signed in sees the view of the address, who is not sees the sign-in. */
export function Page() {
  const session = useSession();
  if (session === undefined) return <Starting />;
  return session.signedIn ? <Shell /> : <SignedOut />;
}

function Starting() {
  return (
    <main class="starting">
      <p class="empty" role="status">
        asking the controller ...
      </p>
    </main>
  );
}

function SignedOut() {
  useEffect(() => {
    document.title = 'sign in · Foghorn';
  }, []);
  return <SignInView />;
}

function Shell() {
  const route = useRoute();
  const { state } = useCell(connection);
  const main = useRef<HTMLElement>(null);
  useEffect(startLive, []);
  useEffect(startSpeaking, []);
  useTab(viewTitles[route.view]);
  useGoKeys();
  useFocusOfView(main, route);
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        to the content
      </a>
      <Header />
      <main id="main" ref={main} tabIndex={-1} class={state === 'lost' ? 'stale' : ''}>
        <CurrentView route={route} />
      </main>
      <Footer />
      <Notices />
      <LiveRegions />
    </>
  );
}

function CurrentView({ route: { view, params } }: { readonly route: Route }) {
  if (view === 'overview') return <OverviewView params={params} />;
  if (view === 'missing') return <MissingView address={params.path.join('/')} />;
  // Whoever comes back to the address of the sign-in is signed in by now.
  if (view === 'sign-in') return <OverviewView params={params} />;
  return <LazyView name={view} params={params} />;
}

function useGoKeys(): void {
  useCommands({
    goOverview: go('overview'),
    goPolicies: go('policies'),
    goAlerts: go('alerts'),
    goLoadTests: go('load-tests'),
    goMails: go('mails'),
  });
}

function go(view: ViewName): () => void {
  return () => router.go(href(view));
}

/** A new view gets the focus, unless it put it somewhere itself; filters and ranges of the same view do not. */
function useFocusOfView(main: { readonly current: HTMLElement | null }, { view, params }: Route): void {
  const address = [view, ...params.path].join('/');
  const before = useRef(address);
  useEffect(() => {
    if (before.current === address) return;
    before.current = address;
    const { current } = main;
    if (current === null || current.contains(document.activeElement)) return;
    globalThis.scrollTo({ top: 0 });
    current.focus({ preventScroll: true });
  }, [main, address]);
}

function LiveRegions() {
  const polite = useCell(spoken.polite);
  const assertive = useCell(spoken.assertive);
  return (
    <div class="unseen">
      <div aria-live="polite">{polite}</div>
      <div aria-live="assertive">{assertive}</div>
    </div>
  );
}
