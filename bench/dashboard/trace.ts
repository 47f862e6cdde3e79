/** Of a trace of Chromium: times in microseconds. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur?: number;
  /** Of which the thread had a core; less where others want it too. */
  readonly tdur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly args?: { readonly name?: string };
}

/** What the main thread of a page does for its scripts; one may be inside another. */
const scripting = new Set([
  'EvaluateScript',
  'EventDispatch',
  'FireAnimationFrame',
  'FireIdleCallback',
  'FunctionCall',
  'MajorGC',
  'MinorGC',
  'RunMicrotasks',
  'TimerFire',
  'v8.run',
]);
const FRAME_MICROSECONDS = 16_667;

/**
 * Milliseconds of scripting in each frame that had any, as time of the thread: the main thread is cut into frames of a
 * sixtieth of a second, and a piece of work counts where it begins, however long it is.
 */
export function scriptingByFrame(events: readonly TraceEvent[]): readonly number[] {
  const main = pageThread(events);
  const pieces = events
    .filter(({ pid, tid, name, ph }) => `${pid}.${tid}` === main && ph === 'X' && scripting.has(name))
    .toSorted((a, b) => a.ts - b.ts);
  const byFrame = new Map<number, number>();
  let end = 0;
  for (const { ts, dur = 0, tdur = dur } of pieces) {
    // Inside the one before.
    if (ts < end) continue;
    end = ts + dur;
    const frame = Math.floor(ts / FRAME_MICROSECONDS);
    byFrame.set(frame, (byFrame.get(frame) ?? 0) + tdur / 1000);
  }
  return [...byFrame.values()];
}

/** The thread of a renderer that runs most scripts; a browser has spare ones. */
function pageThread(events: readonly TraceEvent[]): string {
  const names = events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  const threads = names.map(({ pid, tid }) => `${pid}.${tid}`);
  const busy = threads.map((thread) => ({
    thread,
    calls: events.filter(({ name, pid, tid }) => name === 'FunctionCall' && `${pid}.${tid}` === thread).length,
  }));
  return busy.toSorted((a, b) => b.calls - a.calls)[0]?.thread ?? '';
}
