import { useEffect, useState } from 'preact/hooks';
import type { ServiceState, StatusPageAnswer, StatusService } from '../../answers/status-page.ts';
import { get, type Answer } from '../api.ts';
import { Mark, type MarkKind } from '../parts/mark.tsx';
import { Moment } from '../parts/time.tsx';
import { shareText, UptimeBar } from '../parts/uptime-bar.tsx';

const REFRESH_MS = 15_000;

const words: Readonly<Record<ServiceState, string>> = {
  up: 'operational',
  degraded: 'degraded',
  down: 'down',
  unknown: 'not known',
};
const kinds: Readonly<Record<ServiceState, MarkKind>> = {
  up: 'ok',
  degraded: 'warning',
  down: 'critical',
  unknown: 'unknown',
};
const headlines: Readonly<Record<ServiceState, string>> = {
  up: 'All services are operational',
  degraded: 'Some services are degraded',
  down: 'Some services are down',
  unknown: 'Some services cannot be seen at present',
};

/** For everybody: chosen containers, by name and state alone. */
export function StatusPage() {
  const { answer, last } = useStatus();
  const page = answer?.ok === true ? answer.value : last;
  return (
    <main class="status-page">
      <h1>{page?.title ?? 'Status'}</h1>
      {answer?.ok === false && <Trouble answer={answer} isOld={last !== undefined} />}
      {page === undefined ? answer === undefined && <p class="empty">loading ...</p> : <Services page={page} />}
    </main>
  );
}

function Services({ page }: { readonly page: StatusPageAnswer }) {
  return (
    <>
      <p class={`headline ${kinds[page.state]}`} role="status">
        <Mark kind={kinds[page.state]} /> {page.services.length === 0 ? 'No service is shown' : headlines[page.state]}
      </p>
      <ul>
        {page.services.map((service) => (
          <Service key={service.name} service={service} />
        ))}
      </ul>
      {page.leftOut > 0 && <p class="empty">and {page.leftOut} more</p>}
      <p class="dim">
        as of <Moment at={page.at} />, the last 24 hours in half hours
      </p>
    </>
  );
}

function Service({ service: { name, state, slots, uptime } }: { readonly service: StatusService }) {
  return (
    <li class="service">
      <span class="who">{name}</span>
      <span class={`word ${kinds[state]}`}>
        <Mark kind={kinds[state]} /> {words[state]}
      </span>
      <span class="day">
        {slots.length > 0 && <UptimeBar slots={slots} share={uptime} />}
        <span class="number dim">{uptime === null ? '' : shareText(uptime)}</span>
      </span>
    </li>
  );
}

function Trouble({
  answer,
  isOld,
}: {
  readonly answer: Extract<Answer<never>, { ok: false }>;
  readonly isOld: boolean;
}) {
  const text = answer.status === 404 ? 'There is no status page here.' : `${answer.error}.`;
  return (
    <p class="warning" role="alert">
      <Mark kind="warning" /> {text} {isOld && 'What you see is from before.'}
    </p>
  );
}

interface Status {
  readonly answer: Answer<StatusPageAnswer> | undefined;
  /** The newest that came. */
  readonly last: StatusPageAnswer | undefined;
}

function useStatus(): Status {
  const [status, setStatus] = useState<Status>({ answer: undefined, last: undefined });
  useEffect(() => {
    const abort = new AbortController();
    const ask = async (): Promise<void> => {
      const answer = await get<StatusPageAnswer>('api/status-page', { signal: abort.signal });
      if (!abort.signal.aborted) setStatus((before) => ({ answer, last: answer.ok ? answer.value : before.last }));
    };
    void ask();
    const timer = setInterval(() => void ask(), REFRESH_MS);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, []);
  useEffect(() => {
    const title = status.last?.title ?? 'Status';
    document.title = status.last === undefined ? title : `${words[status.last.state]}: ${title}`;
  }, [status]);
  return status;
}
