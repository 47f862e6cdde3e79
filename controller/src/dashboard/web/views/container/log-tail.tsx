import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { clockTime, isoTime } from '../../format.ts';
import { useCommands } from '../../keyboard/commands.ts';
import {
  emptyLog,
  MAX_LINES,
  paused,
  reconnected,
  resumed,
  withLines,
  type LogBuffer,
  type ShownLine,
} from './log-buffer.ts';
import { matches, pieces } from './log-search.ts';
import { followLog, type LogState } from './log-stream.ts';

/** The container's own output as it writes it. Plain text, whatever it writes. */
export function LogTail({ target, refusal }: { target: string; refusal: string | undefined }) {
  return (
    <section aria-label="Output of the container" class="log-tail">
      <h2>Output</h2>
      {refusal === undefined ? <LiveLog target={target} /> : <p class="empty">{refusal}</p>}
    </section>
  );
}

function LiveLog({ target }: { target: string }) {
  const [log, setLog] = useState<LogBuffer>(emptyLog);
  const [state, setState] = useState<LogState>({ kind: 'connecting' });
  const [search, setSearch] = useState('');
  const [onlyHits, setOnlyHits] = useState(true);
  const field = useRef<HTMLInputElement>(null);
  useCommands({ filter: () => field.current?.focus() });
  useEffect(() => {
    setLog(emptyLog);
    return followLog(target, {
      opened: () => setLog(reconnected),
      lines: ({ lines, skipped }) => setLog((before) => withLines(before, lines, skipped)),
      state: setState,
    });
  }, [target]);
  const hits = search === '' ? log.lines : log.lines.filter(({ text }) => matches(text, search));
  return (
    <>
      <div class="log-tools">
        <label>
          search{' '}
          <input
            ref={field}
            type="search"
            value={search}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => setSearch(event.currentTarget.value)}
          />
        </label>
        <label>
          <input type="checkbox" checked={onlyHits} onChange={(event) => setOnlyHits(event.currentTarget.checked)} />{' '}
          hits only
        </label>
        <button
          type="button"
          class="button"
          aria-pressed={log.paused}
          onClick={() => setLog(log.paused ? resumed(log) : paused(log))}
        >
          {log.paused ? 'resume' : 'pause'}
        </button>
        <span role="status" class="log-state">
          {stateWords(state, log)}
          {search !== '' && `, ${hits.length} of ${log.lines.length} lines`}
        </span>
      </div>
      <Lost log={log} />
      <Lines lines={onlyHits ? hits : log.lines} search={search} />
    </>
  );
}

function stateWords(state: LogState, { paused: isPaused, waiting }: LogBuffer): string {
  if (isPaused) return `paused, ${waiting.length} new ${waiting.length === 1 ? 'line' : 'lines'}`;
  switch (state.kind) {
    case 'connecting':
      return 'connecting ...';
    case 'live':
      return 'live';
    case 'lost':
      return 'connection lost, reconnecting ...';
    default:
      return state.retries ? `${state.message}; asking again ...` : state.message;
  }
}

function Lost({ log: { skipped, dropped } }: { log: LogBuffer }) {
  if (skipped === 0 && dropped === 0) return null;
  return (
    <p class="log-lost">
      {skipped > 0 && `${skipped} lines came too fast and are left out. `}
      {dropped > 0 && `${dropped} older lines made room: the page holds ${MAX_LINES}.`}
    </p>
  );
}

/** Within this many pixels of the foot the reader is taken to follow. */
const FOOT_PIXELS = 30;

function Lines({ lines, search }: { lines: readonly ShownLine[]; search: string }) {
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useLayoutEffect(() => {
    const element = box.current;
    if (element !== null && follows.current) element.scrollTop = element.scrollHeight;
  }, [lines]);
  return (
    <div
      class="log-lines"
      ref={box}
      role="log"
      aria-live="off"
      aria-label="Lines"
      tabIndex={0}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        follows.current = scrollHeight - scrollTop - clientHeight < FOOT_PIXELS;
      }}
    >
      {lines.length === 0 && <p class="empty">{search === '' ? 'no output yet' : 'no line has that'}</p>}
      {lines.map((line) => (
        <div key={line.id} class={`log-line ${line.stream}`}>
          {line.at !== null && (
            <time dateTime={isoTime(line.at)} title={isoTime(line.at)}>
              {clockTime(line.at)}
            </time>
          )}
          {line.stream === 'stderr' && <span class="log-stream">err</span>}
          <span class="log-text">
            {search === ''
              ? line.text
              : pieces(line.text, search).map(({ text, isHit }, index) =>
                  isHit ? <mark key={index}>{text}</mark> : text,
                )}
          </span>
        </div>
      ))}
    </div>
  );
}
