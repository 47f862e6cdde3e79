import type { Alert } from '../model/alert.ts';
import type { AlertEpisode } from '../model/episode.ts';
import type { AlertsAnswer, AlertStory } from './answers/alerts.ts';
import type { Span } from './details.ts';
import { alertView } from './view.ts';

export interface AlertsFacts {
  readonly span: Span;
  readonly state: Alert['state'] | undefined;
  readonly limit: number;
  /** As they are now. */
  readonly alerts: readonly Alert[];
  /** Of the time asked for, newest first. */
  readonly episodes: readonly AlertEpisode[];
  readonly objectName: (alert: Alert) => string;
}

/** As long as stories are kept. */
const KNOWN_MS = 90 * 86_400_000;

/** What was pending or firing in a time, newest first: the alerts of now, and the stories of those before. */
export function alertsAnswer(facts: AlertsFacts, now: number): AlertsAnswer {
  const { span, state, limit, alerts, episodes } = facts;
  const stories = new Map(episodes.map((episode) => [episode.id, episode]));
  const present = alerts.filter((alert) => overlaps(alert, span)).map((alert) => presentStory(alert, stories, facts));
  const presentIds = new Set(alerts.map(episodeId));
  const past = episodes.filter(({ id }) => !presentIds.has(id)).map((episode) => pastStory(episode));
  const wanted = [...present, ...past]
    .filter((story) => state === undefined || story.state === state)
    .toSorted((a, b) => b.pendingSince - a.pendingSince);
  return {
    from: span.fromMs,
    to: span.toMs,
    alerts: wanted.slice(0, limit),
    leftOut: Math.max(0, wanted.length - limit),
    knownSince: now - KNOWN_MS,
  };
}

function overlaps(alert: Alert, { fromMs, toMs }: Span): boolean {
  return alert.pendingSince <= toMs && (alert.state !== 'resolved' || alert.resolvedAt >= fromMs);
}

function episodeId(alert: Alert): string {
  return alert.state === 'pending' ? '' : `${alert.key}@${alert.firedAt}`;
}

function presentStory(
  alert: Alert,
  stories: ReadonlyMap<string, AlertEpisode>,
  { objectName }: AlertsFacts,
): AlertStory {
  const pending = { at: alert.pendingSince, kind: 'pending', severity: alert.severity, reason: alert.message } as const;
  return {
    ...alertView(alert),
    target: alert.target.id,
    pendingSince: alert.pendingSince,
    resolvedReason: alert.state === 'resolved' ? alert.resolvedReason : null,
    actions: alert.actions,
    values: alert.values,
    silencedBy: alert.silencedBy ?? null,
    inhibitedBy: alert.inhibitedBy ?? null,
    acknowledgedBy: alert.acknowledgedBy ?? null,
    objectName: objectName(alert),
    timeline: stories.get(episodeId(alert))?.moments ?? [pending],
  };
}

function pastStory(episode: AlertEpisode): AlertStory {
  const { key, policy, rule, severity, target, message, pendingSince, firedAt, resolvedAt, moments } = episode;
  return {
    key,
    policy,
    rule,
    severity,
    state: resolvedAt === undefined ? 'firing' : 'resolved',
    container: target.name,
    host: target.host,
    message,
    since: firedAt,
    firedAt,
    resolvedAt: resolvedAt ?? null,
    notifications: episode.notifications,
    lastNotifiedAt: episode.lastNotifiedAt ?? null,
    rejected: null,
    target: target.id,
    pendingSince,
    resolvedReason: episode.resolvedReason ?? null,
    actions: [],
    values: episode.values,
    silencedBy: null,
    inhibitedBy: null,
    acknowledgedBy: null,
    objectName: null,
    timeline: moments,
  };
}
