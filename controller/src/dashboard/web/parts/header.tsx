import type { DashboardView } from '../../view.ts';
import type { Connection } from '../connection.ts';
import { age, clockTime, isoTime } from '../format.ts';

const words: Readonly<Record<Connection, string>> = {
  connecting: 'CONNECTING',
  live: 'LIVE',
  lost: 'CONNECTION LOST, reconnecting',
};

export function Header({
  view,
  connection,
  now,
}: {
  view: DashboardView | undefined;
  connection: Connection;
  now: number;
}) {
  return (
    <header>
      <h1>
        <span class="prompt">$</span> foghorn
      </h1>
      <p class={`connection ${connection}`} role="status">
        {words[connection]}
        {view !== undefined && (
          <time dateTime={isoTime(view.at)} title={isoTime(view.at)}>
            {' '}
            {connection === 'lost' ? `what you see is ${age(view.at, now)} old` : clockTime(view.at)}
          </time>
        )}
      </p>
      {view !== undefined && <Summary view={view} />}
    </header>
  );
}

function Summary({ view }: { view: DashboardView }) {
  const up = view.containers.filter(({ state }) => state === 'running').length;
  const firing = view.alerts.filter(({ state }) => state === 'firing').length;
  return (
    <dl class="summary">
      <div>
        <dt>containers</dt>
        <dd>
          {up} up / {view.containers.length}
        </dd>
      </div>
      <div>
        <dt>alerts</dt>
        <dd class={firing > 0 ? 'critical' : 'ok'}>{firing === 0 ? 'none firing' : `${firing} firing`}</dd>
      </div>
      {view.hosts.map((host) => (
        <div key={host.host}>
          <dt>host {host.host}</dt>
          <dd
            class={host.reachable ? 'ok' : 'critical'}
            title={host.reachable ? `readings from ${host.source}` : host.message}
          >
            {host.reachable ? `${host.runtime} ${host.engineVersion} (${host.source})` : `UNREACHABLE: ${host.reason}`}
          </dd>
        </div>
      ))}
      <div>
        <dt>mail</dt>
        <dd class={view.email.configured ? 'ok' : 'warning'} title={view.email.lastError ?? view.email.message}>
          {view.email.configured
            ? `${view.email.sent} sent, ${view.email.waiting} waiting, ${view.email.failed} failed`
            : 'NOT CONFIGURED'}
        </dd>
      </div>
    </dl>
  );
}
