import { useEffect, useState } from 'preact/hooks';
import type { DashboardView } from '../view.ts';
import { follow, type Connection } from './connection.ts';
import { Alerts } from './parts/alerts.tsx';
import { Containers } from './parts/containers.tsx';
import { Header } from './parts/header.tsx';
import { LogLines } from './parts/log-lines.tsx';
import { Policies } from './parts/policies.tsx';
import { Problems } from './parts/problems.tsx';

const TICK_MS = 1000;

export function Page() {
  const [view, setView] = useState<DashboardView>();
  const [connection, setConnection] = useState<Connection>('connecting');
  const now = useNow();
  useEffect(() => follow({ view: setView, connection: setConnection }), []);
  useEffect(() => {
    document.title = titleOf(view, connection);
  }, [view, connection]);
  return (
    <>
      <Header view={view} connection={connection} now={now} />
      <main class={connection === 'lost' ? 'stale' : ''}>
        {view === undefined ? (
          <p class="empty">waiting for the controller ...</p>
        ) : (
          <>
            <Problems problems={view.problems} hosts={view.hosts} now={now} />
            <Alerts alerts={view.alerts} now={now} />
            <Containers containers={view.containers} now={now} />
            <Policies policies={view.policies} now={now} />
            <LogLines title="Recent metrics" lines={view.metricsLines} />
            <LogLines title="Status history" lines={view.statusLines} />
          </>
        )}
      </main>
    </>
  );
}

/** The tab tells the worst there is, so that a glance at it is enough. */
function titleOf(view: DashboardView | undefined, connection: Connection): string {
  if (view === undefined || connection === 'lost') return '? Foghorn';
  const firing = view.alerts.filter(({ state }) => state === 'firing');
  const worst = firing[0];
  return worst === undefined ? 'OK Foghorn' : `${worst.severity.toUpperCase()} (${firing.length}) Foghorn`;
}

function useNow(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
