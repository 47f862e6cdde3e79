import type { AlertView } from '../../view.ts';
import { age, clockTime, isoTime } from '../format.ts';

const MAX_RESOLVED = 5;

export function Alerts({ alerts, now }: { alerts: readonly AlertView[]; now: number }) {
  const active = alerts.filter(({ state }) => state !== 'resolved');
  const resolved = alerts.filter(({ state }) => state === 'resolved').slice(0, MAX_RESOLVED);
  return (
    <section aria-label="Alerts" class="alerts">
      <h2>Alerts</h2>
      <ul aria-live="polite">
        {active.map((alert) => (
          <Alert key={alert.key} alert={alert} now={now} />
        ))}
        {active.length === 0 && <li class="empty">no active alert</li>}
        {resolved.map((alert) => (
          <Alert key={alert.key} alert={alert} now={now} />
        ))}
      </ul>
    </section>
  );
}

function Alert({ alert, now }: { alert: AlertView; now: number }) {
  const word = alert.state === 'firing' ? alert.severity : alert.state;
  return (
    <li class={`alert ${alert.state === 'firing' ? alert.severity : alert.state}`}>
      <span class="badge">{word.toUpperCase()}</span>
      <span class="who">{alert.container}</span>
      <span class="text">{alert.message}</span>
      <small>
        {alert.policy} / {alert.rule} <time title={isoTime(alert.since)}>since {age(alert.since, now)}</time>
        {alert.resolvedAt !== null && (
          <time title={isoTime(alert.resolvedAt)}>, resolved {age(alert.resolvedAt, now)} ago</time>
        )}
        , {mail(alert)}
      </small>
    </li>
  );
}

function mail(alert: AlertView): string {
  if (alert.rejected !== null) return `mail refused: ${alert.rejected}`;
  return alert.lastNotifiedAt === null
    ? 'no mail yet'
    : `last mail ${clockTime(alert.lastNotifiedAt)} (${alert.notifications})`;
}
