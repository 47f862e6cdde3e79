import { useMemo } from 'preact/hooks';
import type { LiveAlert } from '../../answers/live.ts';
import { acknowledge, silence } from '../actions/alert-actions.ts';
import { silenceChoices, silenceWords } from '../actions/silence-choices.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { AlertWords } from '../parts/alert-words.tsx';
import { Mark } from '../parts/mark.tsx';
import { href } from '../route.ts';

export interface FiringAlertsProps {
  readonly alerts: readonly LiveAlert[];
  readonly showsAll: boolean;
  readonly setShowsAll: (showsAll: boolean) => void;
  readonly activeKey: string | undefined;
  readonly focused: (key: string) => void;
  /** Asks for how long; where there is no room for the choices. */
  readonly askSilence: (alert: LiveAlert) => void;
}

/** More are a click away: they must not push the containers off the screen. */
const SHOWN_AT_FIRST = 5;

/** Those that fire, loud ones first; the order is otherwise the controller's. */
export function firingAlerts(alerts: readonly LiveAlert[]): readonly LiveAlert[] {
  const firing = alerts.filter(({ state }) => state === 'firing');
  return [...firing.filter((alert) => !isQuiet(alert)), ...firing.filter(isQuiet)];
}

/** Of which no message goes out: somebody knows already. */
export function isQuiet({ silencedBy, inhibitedBy, acknowledgedBy }: LiveAlert): boolean {
  return silencedBy !== null || inhibitedBy !== null || acknowledgedBy !== null;
}

/** Key of an alert among the lines that `j` and `k` walk. */
export function alertStop(alert: Pick<LiveAlert, 'key'>): string {
  return `alert:${alert.key}`;
}

export function FiringAlerts(props: FiringAlertsProps) {
  const { alerts, showsAll, setShowsAll, activeKey, focused, askSilence } = props;
  if (alerts.length === 0) return null;
  return (
    <section class="firing" aria-labelledby="firing-title">
      <h2 id="firing-title">
        {alerts.length} {alerts.length === 1 ? 'alert fires' : 'alerts fire'}
      </h2>
      <ul>
        {shownAlerts(alerts, showsAll).map((alert) => (
          <FiringAlert
            key={alert.key}
            alert={alert}
            isActive={alertStop(alert) === activeKey}
            focused={focused}
            askSilence={askSilence}
          />
        ))}
      </ul>
      {alerts.length > SHOWN_AT_FIRST && (
        <button type="button" class="button quiet" aria-expanded={showsAll} onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? 'show fewer' : `show ${alerts.length - SHOWN_AT_FIRST} more`}
        </button>
      )}
    </section>
  );
}

/** Those on screen, which `j` and `k` reach. */
export function shownAlerts(alerts: readonly LiveAlert[], showsAll: boolean): readonly LiveAlert[] {
  return showsAll ? alerts : alerts.slice(0, SHOWN_AT_FIRST);
}

interface FiringAlertProps {
  readonly alert: LiveAlert;
  readonly isActive: boolean;
  readonly focused: (key: string) => void;
  readonly askSilence: (alert: LiveAlert) => void;
}

/** Drawn again only when the alert itself changed. */
function FiringAlert(props: FiringAlertProps) {
  const { alert, isActive, focused, askSilence } = props;
  return useMemo(() => <AlertLine {...props} />, [alert, isActive, focused, askSilence]);
}

function AlertLine({ alert, isActive, focused, askSilence }: FiringAlertProps) {
  const { severity, container, message } = alert;
  const stop = alertStop(alert);
  return (
    <li class={`alert ${severity} ${isQuiet(alert) ? 'quiet' : ''} ${isActive ? 'active' : ''}`} data-alert={alert.key}>
      <span class={`badge ${severity}`}>
        <Mark kind={severity} /> {severity}
      </span>
      <div class="alert-text">
        <a class="who" data-stop={stop} href={href('container', [alert.target])} onFocus={() => focused(stop)}>
          {container}
        </a>{' '}
        <span class="text">{message}</span>
        <small>
          <AlertWords alert={alert} />
        </small>
      </div>
      <AlertButtons alert={alert} askSilence={askSilence} />
    </li>
  );
}

function AlertButtons({ alert, askSilence }: Pick<FiringAlertProps, 'alert' | 'askSilence'>) {
  const title = `${alert.rule} of ${alert.container}`;
  const isKnown = alert.acknowledgedBy !== null;
  return (
    <div class="buttons" role="group" aria-label={title}>
      <ActionButton
        act={() => acknowledge([alert], !isKnown)}
        label={`${isKnown ? 'unacknowledge' : 'acknowledge'} ${title}`}
      >
        {isKnown ? 'unacknowledge' : 'acknowledge'}
      </ActionButton>
      {alert.silencedBy === null && (
        <ActionButton kind="brief" label={`silence ${title}`} act={async () => askSilence(alert)}>
          silence
        </ActionButton>
      )}
      {alert.silencedBy === null && (
        <span class="silence">
          <span aria-hidden="true">silence</span>
          {silenceChoices.map((choice) => (
            <ActionButton
              key={choice}
              label={`silence ${title} ${choice === 'tomorrow' ? '' : 'for '}${silenceWords[choice]}`}
              act={() => silence({ kind: 'alert', alertKey: alert.key, title }, choice)}
            >
              {choice === 'tomorrow' ? 'tomorrow' : silenceWords[choice]}
            </ActionButton>
          ))}
        </span>
      )}
    </div>
  );
}
