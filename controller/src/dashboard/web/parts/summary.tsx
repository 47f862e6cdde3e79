import { useMemo } from 'preact/hooks';
import type { HostStatus } from '../../../model/host.ts';
import { useLiveView } from '../live/live.ts';
import type { LiveView } from '../live/live-view.ts';
import { severityOrder, totalsOf } from '../overview/arrange.ts';
import { href } from '../route.ts';
import { Mark } from './mark.tsx';

/** Totals in one strip below the navigation; each is a way to what it counts. */
export function Summary() {
  const view = useLiveView();
  if (view === undefined) return null;
  return (
    <ul class="summary" aria-label="Totals">
      <Containers rows={view.rows} />
      {view.hosts.length > MAX_HOSTS && <li>{view.hosts.length} hosts</li>}
      {shownHosts(view.hosts).map((host) => (
        <Host key={host.host} host={host} />
      ))}
      <Mail email={view.email} />
    </ul>
  );
}

/** Of more than these only the unreachable ones are named. */
const MAX_HOSTS = 6;

function shownHosts(hosts: LiveView['hosts']): LiveView['hosts'] {
  return hosts.length > MAX_HOSTS ? hosts.filter(({ reachable }) => !reachable) : hosts;
}

function Containers({ rows }: { readonly rows: LiveView['rows'] }) {
  const totals = useMemo(() => totalsOf(rows.values()), [rows]);
  return (
    <li>
      <a href={href('overview')}>
        <b>{totals.up}</b> of {totals.containers} up
      </a>
      {severityOrder.map((severity) =>
        severity === 'ok' || totals.bySeverity[severity] === 0 ? null : (
          <a key={severity} class={severity} href={href('overview', [], { q: `sev:${severity}` })}>
            <Mark kind={severity} /> {totals.bySeverity[severity]} {severity}
          </a>
        ),
      )}
    </li>
  );
}

function Host({ host }: { readonly host: HostStatus }) {
  const title = host.reachable
    ? `${host.runtime} ${host.engineVersion}, ${host.cpus} CPUs, readings from ${host.source}${host.note === undefined ? '' : `; ${host.note}`}`
    : host.message;
  return (
    <li>
      <a href={href('overview', [], { q: `host:${host.host}` })} class={host.reachable ? '' : 'critical'} title={title}>
        <Mark kind={host.reachable ? 'ok' : 'critical'} /> {host.host}
        {host.reachable ? (
          <span class="dim">
            {' '}
            {host.runtime} {host.engineVersion}
          </span>
        ) : (
          ` unreachable: ${host.reason}`
        )}
      </a>
    </li>
  );
}

function Mail({ email }: { readonly email: LiveView['email'] }) {
  if (!email.configured) {
    return (
      <li>
        <a class="warning" href={href('mails')} title={email.message}>
          <Mark kind="warning" /> mail not configured
        </a>
      </li>
    );
  }
  return (
    <li>
      <a href={href('mails')} title={email.lastError ?? email.message} class={email.failed > 0 ? 'warning' : ''}>
        mail: {email.sent} sent{email.waiting > 0 && `, ${email.waiting} waiting`}
        {email.failed > 0 && `, ${email.failed} failed`}
      </a>
    </li>
  );
}
