import { useMemo } from 'preact/hooks';
import type { TargetUptime } from '../../answers/container.ts';
import type { LiveRow, ScreenRow } from '../../answers/live.ts';
import { age, bytes, isoTime, percent, seconds, UNKNOWN } from '../format.ts';
import { useNow } from '../now.ts';
import { Mark } from '../parts/mark.tsx';
import { Sparkline } from '../parts/sparkline.tsx';
import { shareText, UptimeBar } from '../parts/uptime-bar.tsx';
import { href } from '../route.ts';
import { alertWord, level, stateKind, stateWord } from './words.ts';

export interface ContainerLineProps {
  readonly row: LiveRow;
  /** What only rows on screen have; undefined until it has come. */
  readonly screen: ScreenRow | undefined;
  readonly uptime: TargetUptime | undefined;
  /** From 1, with the groups. */
  readonly index: number;
  readonly isActive: boolean;
  readonly isGrouped: boolean;
  readonly focused: (key: string) => void;
}

/** Drawn again only when something of it changed, not when others did. */
export function ContainerLine(props: ContainerLineProps) {
  const { row, screen, uptime, index, isActive, isGrouped, focused } = props;
  return useMemo(() => <Row {...props} />, [row, screen, uptime, index, isActive, isGrouped, focused]);
}

function Row({ row, screen, uptime, index, isActive, isGrouped, focused }: ContainerLineProps) {
  const word = stateWord(row);
  return (
    <div
      role="row"
      aria-rowindex={index + 1}
      class={`line container ${row.severity} ${isActive ? 'active' : ''}`}
      data-container={row.name}
    >
      <span role="cell" class={`state ${stateKind(row)}`} title={word}>
        <Mark kind={stateKind(row)} /> {word}
      </span>
      <Name row={row} isGrouped={isGrouped} focused={focused} />
      <Usage name="cpu" value={row.cpuPercent} history={screen?.cpuHistory} threshold={screen?.cpuThreshold} title="" />
      <Usage
        name="memory"
        value={row.memoryPercent}
        history={screen?.memoryHistory}
        threshold={screen?.memoryThreshold}
        title={
          screen === undefined
            ? bytes(row.memoryBytes)
            : `${bytes(row.memoryBytes)} of ${bytes(screen.memoryLimitBytes)}`
        }
      />
      <Http row={row} />
      <span role="cell" class={`restarts number ${(row.restarts ?? 0) === 0 ? 'dim' : ''}`}>
        {row.restarts ?? UNKNOWN}
      </span>
      <span role="cell" class="up number">
        <UpFor row={row} />
      </span>
      <Uptime uptime={uptime} />
    </div>
  );
}

/** Under the head of its group, host and project need not be said again. */
function Name({ row, isGrouped, focused }: Pick<ContainerLineProps, 'row' | 'isGrouped' | 'focused'>) {
  const { id, name, host, namespace, note, image, loadtest } = row;
  const place = isGrouped ? note : [host, namespace, note].filter((part) => part !== '').join(' · ');
  return (
    <span role="rowheader" class="name">
      <a
        class="who"
        data-stop={id}
        href={href('container', [id])}
        title={image === '' ? name : `${name}\n${image}`}
        onFocus={() => focused(id)}
      >
        {name}
      </a>
      <AlertBadge row={row} />
      {loadtest !== null && <span class="badge info">load</span>}
      {place !== '' && <small title={place}>{place}</small>}
    </span>
  );
}

function AlertBadge({ row }: { readonly row: LiveRow }) {
  const word = alertWord(row);
  if (word === undefined) return null;
  const isQuiet = row.alerts.firing > 0 && row.alerts.quiet >= row.alerts.firing;
  const kind = row.alerts.firing === 0 ? 'pending' : row.severity === 'ok' ? 'unknown' : row.severity;
  return <span class={`badge ${isQuiet ? 'quiet' : kind}`}>{word}</span>;
}

interface UsageProps {
  readonly name: 'cpu' | 'memory';
  readonly value: number | null;
  readonly history: readonly number[] | undefined;
  readonly threshold: number | null | undefined;
  readonly title: string;
}

const nothing: readonly number[] = [];

function Usage({ name, value, history = nothing, threshold = null, title }: UsageProps) {
  const judged = level(value, threshold);
  const limit = threshold === null ? '' : `${title === '' ? '' : ', '}a rule speaks from ${threshold}%`;
  return (
    <span role="cell" class={`usage ${name}`} title={`${title}${limit}`}>
      <Sparkline values={history} highest={100} level={judged} threshold={threshold} />
      <span class={`number ${judged}`}>
        {percent(value)}
        {judged === 'critical' && <b aria-label=" high"> !</b>}
      </span>
    </span>
  );
}

/** Two numbers: the code, and how long it took. A database that fails is told in their place. */
function Http({ row: { http, database, latencySeconds } }: { readonly row: LiveRow }) {
  if (database !== null && !database.up) {
    return (
      <span role="cell" class="http critical" title={database.error ?? ''}>
        <span>DB failed</span>
      </span>
    );
  }
  if (http === null) {
    return (
      <span role="cell" class="http dim">
        {database === null ? UNKNOWN : 'DB ok'}
      </span>
    );
  }
  return (
    <span role="cell" class="http" title={http.error ?? ''}>
      <span class={http.up ? 'ok' : 'critical'}>{http.status ?? 'no answer'}</span>{' '}
      {latencySeconds !== null && <span class="latency">{seconds(latencySeconds)}</span>}
    </span>
  );
}

function UpFor({ row: { state, startedAt } }: { readonly row: LiveRow }) {
  const now = useNow();
  if (state !== 'running' || startedAt === null) return <>{UNKNOWN}</>;
  return (
    <time dateTime={isoTime(startedAt)} title={isoTime(startedAt)}>
      {age(startedAt, now)}
    </time>
  );
}

function Uptime({ uptime }: { readonly uptime: TargetUptime | undefined }) {
  const slots = useMemo(() => uptime?.slots.map(({ state }) => state) ?? [], [uptime]);
  return (
    <span role="cell" class="day">
      {slots.length > 0 && <UptimeBar slots={slots} share={uptime?.share ?? null} />}
      <span class="number">{typeof uptime?.share === 'number' ? shareText(uptime.share) : ''}</span>
    </span>
  );
}
