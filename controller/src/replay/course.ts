import type { Alert, AlertChange } from '../model/alert.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import type { Values } from '../model/verdict.ts';

/** One alert from its first breach to its end. */
export interface ReplayedAlert {
  readonly key: string;
  readonly rule: string;
  /** Id of the target. */
  readonly target: string;
  /** Worst that fired; that of the breach when it never fired. */
  readonly severity: Severity;
  /** False when its breach ended before `for` had passed. */
  readonly fired: boolean;
  readonly phases: readonly Phase[];
  readonly fromMs: number;
  /** Absent when it was still going on at the end. */
  readonly toMs?: number | undefined;
  /** Values of the rule when it fired, or at its first breach. */
  readonly values: Values;
  /** Mails that spoke of it. */
  readonly mails: number;
}

export interface Phase {
  readonly state: 'pending' | Severity;
  readonly fromMs: number;
}

/** Follows alerts through their changes. */
export interface Course {
  take(change: AlertChange, at: number): void;
  countMail(key: string): void;
  alerts(): readonly ReplayedAlert[];
}

export function createCourse(): Course {
  const ended: ReplayedAlert[] = [];
  const open = new Map<string, ReplayedAlert>();
  /** The last one of each key: its end is told after it. */
  const places = new Map<string, number>();

  function enter(alert: Alert, state: Phase['state'], at: number): void {
    const known = open.get(alert.key) ?? begin(alert, at);
    open.set(alert.key, withPhase(known, { state, fromMs: at }, alert));
  }

  function end(key: string, at: number): void {
    const known = open.get(key);
    if (known === undefined) return;
    open.delete(key);
    places.set(key, ended.push({ ...known, toMs: at }) - 1);
  }

  return {
    take(change, at) {
      if (change.kind === 'opened') enter(change.alert, 'pending', at);
      else if (change.kind === 'dropped' || change.kind === 'resolved') end(change.alert.key, at);
      else enter(change.alert, change.alert.severity, at);
    },
    countMail(key) {
      const known = open.get(key);
      if (known !== undefined) open.set(key, { ...known, mails: known.mails + 1 });
      const place = places.get(key);
      const last = place === undefined ? undefined : ended[place];
      if (known === undefined && place !== undefined && last !== undefined)
        ended[place] = { ...last, mails: last.mails + 1 };
    },
    alerts: () => [...ended, ...open.values()].toSorted((a, b) => a.fromMs - b.fromMs || (a.key < b.key ? -1 : 1)),
  };
}

function begin({ key, rule, target, severity, values }: Alert, at: number): ReplayedAlert {
  return { key, rule, target: target.id, severity, fired: false, phases: [], fromMs: at, values, mails: 0 };
}

function withPhase(known: ReplayedAlert, phase: Phase, { severity, values }: Alert): ReplayedAlert {
  const phases = [...known.phases, phase];
  if (phase.state === 'pending') return { ...known, phases };
  const worst = known.fired && compareSeverity(known.severity, severity) > 0 ? known.severity : severity;
  return { ...known, phases, severity: worst, fired: true, values: known.fired ? known.values : values };
}
