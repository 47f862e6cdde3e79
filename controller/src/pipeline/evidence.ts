import type { Clock } from '../clock.ts';
import type { Collector } from '../collect/collect.ts';
import { errorMessage } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Chart } from '../model/chart.ts';
import type { Point } from '../model/metrics.ts';
import type { Notification, NotifiedAlert } from '../model/notification.ts';
import type { History } from '../record/history/history.ts';
import type { Windows } from '../record/window.ts';
import { readOwnOutput } from './own-output.ts';

export interface EvidenceDeps {
  readonly windows: Windows;
  readonly history: History;
  readonly collector: Pick<Collector, 'logs'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Adds what is only worth reading when a message goes out: chart and own output. Never rejects. */
export type Complete = (notification: Notification, now: number) => Promise<Notification>;

/** A mail never waits longer than this for a hung engine or disk; it goes without what is missing. */
const DEADLINE_MS = 2000;
/** Alerts of one message that are looked into; the others stand beside them with what is known. */
const MAX_ALERTS = 3;
const CHART_SPAN_MS = 3_600_000;
/** A container that is new shows no empty hour, but no few seconds either. */
const LEAST_CHART_SPAN_MS = 600_000;
/** More than the picture has columns. */
const CHART_POINTS = 300;
/** Recent samples that begin later than this leave a part that history may know. */
const TOLERATED_GAP_MS = 300_000;
/** Readers of one message share what was gathered for it. */
const SHARED_MS = 10_000;
const MAX_SHARED = 32;

export function createEvidence(deps: EvidenceDeps): Complete {
  const shared = new Map<string, { readonly at: number; readonly result: Promise<Notification> }>();
  return (notification, now) => {
    const known = shared.get(notification.id);
    if (known !== undefined && now >= known.at && now - known.at < SHARED_MS) return known.result;
    shared.delete(notification.id);
    const result = completed(deps, notification, now);
    shared.set(notification.id, { at: now, result });
    const oldest = shared.size > MAX_SHARED ? shared.keys().next().value : undefined;
    if (oldest !== undefined) shared.delete(oldest);
    return result;
  };
}

async function completed(deps: EvidenceDeps, notification: Notification, now: number): Promise<Notification> {
  const alerts = await Promise.all(
    notification.alerts.map((notified, index) =>
      index < MAX_ALERTS ? withEvidence(deps, notified, now) : Promise.resolve(notified),
    ),
  );
  return { ...notification, alerts };
}

async function withEvidence(deps: EvidenceDeps, notified: NotifiedAlert, now: number): Promise<NotifiedAlert> {
  const { alert, context } = notified;
  const [chart, output] = await Promise.all([
    withinDeadline(deps, 'chart', () => chartOf(deps, notified, now)),
    context.end === undefined
      ? undefined
      : withinDeadline(deps, 'output', (signal) => readOwnOutput(deps.collector, alert.target.id, signal)),
  ]);
  return { ...notified, context: { ...context, chart, output } };
}

/** What is there in time; a fault costs this part only. */
async function withinDeadline<T>(
  { clock, log }: EvidenceDeps,
  part: string,
  read: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const deadline = new AbortController();
  const done = new AbortController();
  try {
    return await Promise.race([read(deadline.signal), clock.sleep(DEADLINE_MS, done.signal).then(nothing)]);
  } catch (error) {
    log.debug({ part, error: errorMessage(error) }, 'a mail goes without a part');
    return undefined;
  } finally {
    deadline.abort();
    done.abort();
  }
}

function nothing(): undefined {
  return undefined;
}

async function chartOf(deps: EvidenceDeps, notified: NotifiedAlert, now: number): Promise<Chart | undefined> {
  const { alert, context } = notified;
  const { breached } = context;
  if (breached === undefined) return undefined;
  const { metric, label, unit, factor, threshold } = breached;
  const fromMs = now - CHART_SPAN_MS;
  const recent = deps.windows.recent(alert.target.id).since(metric, fromMs);
  const earlier = await earlierPoints(deps, { targetId: alert.target.id, metric, fromMs, toMs: recent[0]?.at ?? now });
  const points = [...earlier, ...recent].map(({ at, value }) => ({ at, value: value * factor }));
  const beginsAt = Math.min(now - LEAST_CHART_SPAN_MS, Math.max(fromMs, points[0]?.at ?? fromMs));
  const firingTo = alert.state === 'resolved' ? alert.resolvedAt : undefined;
  return { label, unit, points, fromMs: beginsAt, toMs: now, threshold, firingFrom: alert.firedAt, firingTo };
}

/** After a restart of the controller the recent samples begin with it; the rest is in history. */
async function earlierPoints(
  { history }: EvidenceDeps,
  span: Omit<Parameters<History['query']>[0], 'maxPoints'>,
): Promise<readonly Point[]> {
  if (span.toMs - span.fromMs < TOLERATED_GAP_MS) return [];
  const { points } = await history.query({ ...span, maxPoints: CHART_POINTS });
  return points.filter(({ at }) => at < span.toMs).map(({ at, max }) => ({ at, value: max }));
}
