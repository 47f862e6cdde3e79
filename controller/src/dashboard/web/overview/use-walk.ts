import { useCallback, useRef, useState } from 'preact/hooks';
import type { LiveAlert } from '../../answers/live.ts';
import { acknowledge, type SilenceSubject } from '../actions/alert-actions.ts';
import { useCommands } from '../keyboard/commands.ts';
import { tell } from '../notice.ts';
import { href } from '../route.ts';
import { router } from '../router.ts';
import { session, whyReadOnly } from '../session.ts';
import { groupKey, type Line } from './arrange.ts';
import { toggleCollapsed } from './collapsed.ts';
import { alertStop, isQuiet } from './firing-alerts.tsx';
import { isOwnFocus, lastActive, moveFocus } from './own-focus.ts';
import { nextStop } from './next-stop.ts';

export interface Walk {
  /** Alert or line that the keys speak of. */
  readonly activeKey: string | undefined;
  readonly focused: (key: string) => void;
  /** True once for each line that becomes the active one: a list that is drawn anew takes the focus from nobody. */
  readonly wantsFocus: (key: string | undefined) => boolean;
  /** What the silence dialog is open for. */
  readonly subject: SilenceSubject | undefined;
  readonly askSilence: (alert: LiveAlert) => void;
  readonly closeDialog: () => void;
}

/** The keyboard's way through the alerts that are shown and the lines, and what it does there. */
export function useWalk(lines: readonly Line[], firing: readonly LiveAlert[], shown: readonly LiveAlert[]): Walk {
  const [activeKey, setActiveKey] = useState(lastActive.key);
  const [subject, setSubject] = useState<SilenceSubject>();
  // Keys may come faster than the page is drawn.
  const active = useRef(activeKey);
  const activate = useCallback((key: string | undefined) => {
    active.current = key;
    lastActive.key = key;
    setActiveKey(key);
  }, []);
  // A row that gets the focus late must not take the place of the one that the keys went on to.
  const focused = useCallback((key: string) => {
    if (!isOwnFocus()) activate(key);
  }, []);
  // Of this showing of the view: when it is back, the active line gets the focus again.
  const attended = useRef<string | undefined>(undefined);
  const wantsFocus = useCallback((key: string | undefined) => {
    if (attended.current === key) return false;
    attended.current = key;
    return key !== undefined;
  }, []);
  const alert = (): LiveAlert | undefined => firing.find((one) => alertStop(one) === active.current);
  const line = (): Line | undefined => lines.find(({ key }) => key === active.current);

  function move(step: 1 | -1): void {
    const stops = [...shown.map(alertStop), ...lines.map(({ key }) => key)];
    const next = nextStop(stops, active.current, step);
    activate(next);
    // Lines are focused by their list, which has to scroll to them first.
    if (next?.startsWith('alert:') === true) focusStop(next);
  }

  useCommands({
    down: () => move(1),
    up: () => move(-1),
    open: () => open(alert(), line()),
    collapse: () => collapse(line()),
    acknowledge: () => allowed(() => void acknowledge(toAcknowledge(alert(), line(), firing))),
    silence: () => allowed(() => setSubject(subjectOf(alert(), line()))),
  });
  return {
    activeKey,
    focused,
    wantsFocus,
    subject,
    askSilence: useCallback((one) => setSubject(alertSubject(one)), []),
    closeDialog: useCallback(() => setSubject(undefined), []),
  };
}

function open(alert: LiveAlert | undefined, line: Line | undefined): void {
  if (alert !== undefined) router.go(href('container', [alert.target]));
  else if (line?.kind === 'group') toggleCollapsed(line.group.key);
  else if (line !== undefined) router.go(href('container', [line.row.id]));
}

function collapse(line: Line | undefined): void {
  if (line !== undefined) toggleCollapsed(line.kind === 'group' ? line.group.key : groupKey(line.row));
}

/** Of a container: all of its alerts that make noise. */
function toAcknowledge(
  alert: LiveAlert | undefined,
  line: Line | undefined,
  firing: readonly LiveAlert[],
): readonly LiveAlert[] {
  if (alert !== undefined) return [alert];
  if (line?.kind !== 'row') return [];
  return firing.filter((one) => one.target === line.row.id && !isQuiet(one));
}

function subjectOf(alert: LiveAlert | undefined, line: Line | undefined): SilenceSubject | undefined {
  if (alert !== undefined) return alertSubject(alert);
  return line?.kind === 'row' ? { kind: 'target', target: line.row.id, title: line.row.name } : undefined;
}

function alertSubject({ key, rule, container }: LiveAlert): SilenceSubject {
  return { kind: 'alert', alertKey: key, title: `${rule} of ${container}` };
}

function focusStop(key: string): void {
  const stop = document.querySelector<HTMLElement>(`[data-stop="${CSS.escape(key)}"]`);
  stop?.scrollIntoView({ block: 'nearest' });
  moveFocus(stop);
}

/** A key has no button to show the reason on. */
function allowed(act: () => void): void {
  const why = whyReadOnly(session.get());
  if (why === undefined) act();
  else tell({ kind: 'failed', text: why });
}
