import type { ContainerView } from '../../view.ts';
import { age, bytes, isoTime, percent, seconds, UNKNOWN } from '../format.ts';
import { Sparkline } from './sparkline.tsx';

export function Containers({ containers, now }: { containers: readonly ContainerView[]; now: number }) {
  return (
    <section aria-label="Containers">
      <h2>Containers</h2>
      {containers.length === 0 ? (
        <p class="empty">none seen yet: is a policy in force that matches one?</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">status</th>
              <th scope="col">container</th>
              <th scope="col">CPU</th>
              <th scope="col">memory</th>
              <th scope="col">HTTP</th>
              <th scope="col">database</th>
              <th scope="col" class="number">
                restarts
              </th>
              <th scope="col" class="number">
                up for
              </th>
            </tr>
          </thead>
          <tbody>
            {containers.map((container) => (
              <Container key={container.id} container={container} now={now} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Container({ container, now }: { container: ContainerView; now: number }) {
  const { cpuPercent, memoryPercent, restarts } = container;
  return (
    <tr class={container.severity} data-container={container.name}>
      <td data-label="status">
        <span class={`badge ${stateClass(container)}`}>{stateWord(container)}</span>
        {isAlerting(container) && <small class={container.severity}>{container.severity.toUpperCase()} alert</small>}
      </td>
      <th scope="row" data-label="container" title={container.image}>
        <span class="who">{container.name}</span>
        <small>{[container.host, container.namespace, container.note].filter((part) => part !== '').join(' · ')}</small>
      </th>
      <td data-label="CPU">
        <Sparkline values={container.cpuHistory} highest={100} label="CPU" level={level(cpuPercent)} />
        <span class={level(cpuPercent)}>{percent(cpuPercent)}</span>
      </td>
      <td data-label="memory">
        <Sparkline values={container.memoryHistory} highest={100} label="memory" level={level(memoryPercent)} />
        <span class={level(memoryPercent)}>{percent(memoryPercent)}</span> <small>{memory(container)}</small>
      </td>
      <td data-label="HTTP" class={container.http === null ? 'absent' : ''}>
        <Http container={container} />
      </td>
      <td data-label="database" class={container.database === null ? 'absent' : ''}>
        <Database container={container} />
      </td>
      <td data-label="restarts" class="number">
        {restarts ?? UNKNOWN}
      </td>
      <td data-label="up for" class="number">
        <time title={isoTime(container.startedAt)}>
          {container.state === 'running' ? age(container.startedAt, now) : UNKNOWN}
        </time>
      </td>
    </tr>
  );
}

function isAlerting({ severity }: ContainerView): boolean {
  return severity !== 'ok' && severity !== 'unknown';
}

/** Words of the original system, with Docker's state where it says more. */
function stateWord({ state, health }: ContainerView): string {
  if (state === 'running') return health === 'unhealthy' ? 'UP unhealthy' : 'UP';
  return state === 'unreachable' ? 'UNKNOWN' : `DOWN ${state}`;
}

function stateClass({ state, health }: ContainerView): string {
  if (state === 'unreachable') return 'unknown';
  if (state !== 'running') return 'critical';
  return health === 'unhealthy' ? 'warning' : 'ok';
}

/** Colours of the original: red over 80 %, amber over 60 %. */
function level(value: number | null): string {
  if (value === null) return 'unknown';
  if (value > 80) return 'critical';
  return value > 60 ? 'warning' : 'ok';
}

function memory({ memoryBytes, memoryLimitBytes }: ContainerView): string {
  return memoryBytes === null ? '' : `${bytes(memoryBytes)} / ${bytes(memoryLimitBytes)}`;
}

function Http({ container: { http, latencyHistory } }: { container: ContainerView }) {
  if (http === null) return <span class="unknown">{UNKNOWN}</span>;
  const highest = Math.max(1, ...latencyHistory);
  return (
    <>
      <Sparkline values={latencyHistory} highest={highest} label="latency" level={http.up ? 'ok' : 'critical'} />
      <span class={http.up ? 'ok' : 'critical'} title={http.error ?? ''}>
        {http.status ?? '000'}
      </span>{' '}
      <small>{http.error !== null && http.status === null ? http.error : seconds(http.latencySeconds)}</small>
    </>
  );
}

function Database({ container: { database } }: { container: ContainerView }) {
  if (database === null) return <span class="unknown">{UNKNOWN}</span>;
  return (
    <>
      <span class={database.up ? 'ok' : 'critical'}>{database.up ? 'connected' : 'FAILED'}</span>{' '}
      <small>
        {database.error ??
          `${seconds(database.latencySeconds)}${database.value === null ? '' : `, ${database.value} records`}`}
      </small>
    </>
  );
}
