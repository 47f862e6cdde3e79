import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Alert, FiringAlert, ResolvedAlert } from '../model/alert.ts';
import type { Fence } from '../model/leadership.ts';
import { alertmanagerAlert, type AlertmanagerAlert } from './alertmanager.ts';
import { postJson } from './post-json.ts';

export interface PushDeps {
  /** `http://alertmanager:9093`. */
  readonly url: string;
  readonly alerts: () => readonly Alert[];
  readonly dashboardUrl: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Before each call; absent: all of them may go. */
  readonly fence?: Fence | undefined;
}

/** Keeps an Alertmanager informed of what fires; it does the telling. */
export interface AlertmanagerPusher {
  start(): void;
  /** Idempotent; ends what is under way. */
  stop(): Promise<void>;
  /** How the last push went. */
  snapshot(): { readonly lastError?: string | undefined };
}

/** How soon a change is seen. */
const LOOK_MS = 1000;
/** What fires is said again so often, as Prometheus does: an Alertmanager that was restarted knows it again. */
const REPEAT_MS = 60_000;
/** Without word from us for so long, Alertmanager takes it as resolved. */
const FIRING_FOR_MS = 4 * REPEAT_MS;
/** An end is said again for so long, in case that one was lost. */
const RESOLVED_FOR_MS = 900_000;
/** A call of this many alerts stays under a megabyte. */
const MAX_ALERTS_PER_CALL = 500;
const RETRY_MS = 10_000;

/**
 * Pushes all that fires to `/api/v2/alerts`. It is level-based: each call says the whole truth of now, so there is
 * nothing to queue, and what was lost is said again. Silenced and inhibited alerts are left out.
 */
export function createAlertmanagerPusher(deps: PushDeps): AlertmanagerPusher {
  const { clock, log } = deps;
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let lastError: string | undefined;

  async function run(): Promise<void> {
    let said = '';
    let nextAt = clock.now();
    while (!stopping.signal.aborted) {
      const now = clock.now();
      const told = toTell(deps.alerts(), now);
      const present = JSON.stringify(told.map(({ key, state, firedAt, severity }) => [key, state, firedAt, severity]));
      if (told.length > 0 && (present !== said || now >= nextAt)) {
        const error = await push(deps, told, now);
        const well = error === undefined;
        note(error);
        said = well ? present : said;
        nextAt = now + (well ? REPEAT_MS : RETRY_MS);
        if (!well) await pause(RETRY_MS);
      } else said = present;
      await pause(LOOK_MS);
    }
  }

  async function pause(ms: number): Promise<void> {
    await clock.sleep(ms, stopping.signal).catch(() => undefined);
  }

  /** Said once when it begins to fail, and once when it is well again. */
  function note(error: string | undefined): void {
    if (error === undefined && lastError !== undefined) log.info({}, 'Alertmanager takes alerts again');
    if (error !== undefined && lastError === undefined)
      log.warn({ error }, 'Alertmanager does not take alerts; they are pushed again');
    lastError = error;
  }

  return {
    start() {
      running ??= run();
    },
    async stop() {
      stopping.abort();
      await running;
    },
    snapshot: () => ({ lastError }),
  };
}

function toTell(alerts: readonly Alert[], now: number): readonly (FiringAlert | ResolvedAlert)[] {
  return alerts.filter((alert): alert is FiringAlert | ResolvedAlert => {
    if (alert.silencedBy !== undefined || alert.inhibitedBy !== undefined) return false;
    return alert.state === 'firing' || (alert.state === 'resolved' && now - alert.resolvedAt < RESOLVED_FOR_MS);
  });
}

/** Why it was not taken; undefined when it was. */
async function push(
  deps: PushDeps,
  told: readonly (FiringAlert | ResolvedAlert)[],
  now: number,
): Promise<string | undefined> {
  const url = `${deps.url.replace(/\/+$/, '')}/api/v2/alerts`;
  for (let from = 0; from < told.length; from += MAX_ALERTS_PER_CALL) {
    const body = told.slice(from, from + MAX_ALERTS_PER_CALL).map((alert) => bodyOf(alert, deps.dashboardUrl, now));
    const delivery = await postJson(deps.clock, { url, body, fence: deps.fence });
    if (delivery.kind === 'sent') continue;
    return delivery.message;
  }
  return undefined;
}

function bodyOf(alert: FiringAlert | ResolvedAlert, dashboardUrl: string, now: number): AlertmanagerAlert {
  const body = alertmanagerAlert(alert, dashboardUrl);
  return alert.state === 'resolved' ? body : { ...body, endsAt: new Date(now + FIRING_FOR_MS).toISOString() };
}
