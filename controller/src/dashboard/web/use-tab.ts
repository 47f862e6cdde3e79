import { useEffect, useMemo } from 'preact/hooks';
import { announce } from './announce.ts';
import { spokenChange, tabFace } from './badge.ts';
import { useCell } from './cell.ts';
import { connection, freshness, liveView } from './live/live.ts';
import { useNow } from './now.ts';
import { isStale } from './staleness.ts';

/** Title and icon of the tab tell the worst there is; new alerts are spoken. */
export function useTab(place: string): void {
  const view = useCell(liveView);
  const stale = isStale(useCell(connection), useCell(freshness), useNow());
  const { badge, title } = useMemo(() => tabFace(view, stale, place), [view, stale, place]);
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    // A file for each: the content security policy allows no icon made here.
    document.querySelector<HTMLLinkElement>('link[rel="icon"]')?.setAttribute('href', `./icon-${badge}.svg`);
  }, [badge]);
}

/** Gives back a function that ends it. */
export function startSpeaking(): () => void {
  let before = liveView.get();
  return liveView.follow((view) => {
    const change = view === undefined ? undefined : spokenChange(before, view);
    before = view;
    if (change !== undefined) announce(change.text, change.urgency);
  });
}
