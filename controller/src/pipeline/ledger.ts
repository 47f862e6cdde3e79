import { errorMessage } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Alert } from '../model/alert.ts';

/** Where alerts are kept beyond the process; the reconcile folder has it. */
export interface AlertSink {
  save(alerts: readonly Alert[]): Promise<void>;
  remove(alerts: readonly Alert[]): Promise<void>;
}

/** Writes alerts when they changed in a way that must survive, and knows which are being written. */
export interface Ledger {
  /** Takes over alerts that were just read from the sink. */
  adopt(alerts: readonly Alert[]): void;
  write(alerts: readonly Alert[]): void;
  erase(alerts: readonly Alert[]): void;
  /** True while the present truth of this alert is on its way to the sink: nothing is told about it before. */
  isUnderWay(key: string): boolean;
  /** Resolves when all that was begun is written. */
  settled(): Promise<void>;
}

export function createLedger(sink: AlertSink, log: Log): Ledger {
  const written = new Map<string, string>();
  const underWay = new Map<string, number>();
  const work = new Set<Promise<void>>();

  function begin(task: Promise<void>): void {
    const settled: Promise<void> = task
      .catch((error: unknown) => log.error({ error: errorMessage(error) }, 'an alert could not be written'))
      .finally(() => work.delete(settled));
    work.add(settled);
  }

  async function save(alerts: readonly Alert[]): Promise<void> {
    for (const { key } of alerts) underWay.set(key, (underWay.get(key) ?? 0) + 1);
    try {
      await sink.save(alerts);
    } finally {
      for (const { key } of alerts) countDown(underWay, key);
    }
  }

  return {
    adopt(alerts) {
      for (const alert of alerts) written.set(alert.key, fingerprint(alert));
    },
    write(alerts) {
      const changed = alerts.filter((alert) => written.get(alert.key) !== fingerprint(alert));
      if (changed.length === 0) return;
      for (const alert of changed) written.set(alert.key, fingerprint(alert));
      begin(save(changed));
    },
    erase(alerts) {
      if (alerts.length === 0) return;
      for (const { key } of alerts) written.delete(key);
      begin(sink.remove(alerts));
    },
    isUnderWay: (key) => underWay.has(key),
    settled: async () => {
      await Promise.all(work);
    },
  };
}

function countDown(counts: Map<string, number>, key: string): void {
  const left = (counts.get(key) ?? 1) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
}

/** What must survive, or be seen: state, timers, what was told and what holds it back. The words of a firing alert may change with every reading. */
function fingerprint(alert: Alert): string {
  const { state, severity, levels, notified, policyUid, silencedBy, inhibitedBy, acknowledgedBy } = alert;
  const times = state === 'pending' ? [] : [alert.firedAt, state === 'resolved' ? alert.resolvedAt : 0];
  const held = [silencedBy ?? '', inhibitedBy ?? '', acknowledgedBy ?? ''];
  return JSON.stringify([state, severity, levels, notified, policyUid, times, held]);
}
