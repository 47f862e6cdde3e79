import { useState } from 'preact/hooks';
import { askSession, del } from '../api.ts';
import { useCell } from '../cell.ts';
import { age, clockTime, isoTime } from '../format.ts';
import { connection, freshness, liveView } from '../live/live.ts';
import { useNow } from '../now.ts';
import { href, type ViewName } from '../route.ts';
import { useRoute } from '../router.ts';
import { leaderless, useSession } from '../session.ts';
import { nextChoice, themeChoice } from '../theme.ts';
import { isStale, STALE_MS } from '../staleness.ts';
import { Help } from './help.tsx';
import { Summary } from './summary.tsx';
import { useCommands } from '../keyboard/commands.ts';

const places: readonly { readonly view: ViewName; readonly text: string }[] = [
  { view: 'overview', text: 'overview' },
  { view: 'alerts', text: 'alerts' },
  { view: 'policies', text: 'policies' },
  { view: 'load-tests', text: 'load tests' },
  { view: 'mails', text: 'mails' },
];

export function Header() {
  const { view } = useRoute();
  return (
    <header>
      <div class="bar">
        <a class="brand" href={href('overview')} aria-label="Foghorn, overview">
          <span class="prompt" aria-hidden="true">
            $
          </span>{' '}
          foghorn
        </a>
        <nav aria-label="Views">
          {places.map((place) => (
            <a key={place.view} href={href(place.view)} aria-current={isAt(place.view, view) ? 'page' : undefined}>
              {place.text}
            </a>
          ))}
        </nav>
        <ConnectionState />
        <Tools />
      </div>
      <Summary />
    </header>
  );
}

/** A container page belongs to the overview. */
function isAt(place: ViewName, view: string): boolean {
  return place === view || (place === 'overview' && view === 'container');
}

function ConnectionState() {
  const state = useCell(connection);
  const fresh = useCell(freshness);
  const known = useCell(liveView);
  const now = useNow();
  const stale = isStale(state, fresh, now);
  const leads = leaderless(useSession()) === undefined;
  const ageMs = fresh === undefined ? 0 : fresh.ageMs + now - fresh.heardAt;
  return (
    <p class={`connection ${stale && state.state === 'live' ? 'stale' : state.state}`}>
      <span role="status">{connectionWord(state.state, { stale, leads })}</span>
      {known !== undefined && (
        <time dateTime={isoTime(known.at)} title={isoTime(known.at)}>
          {stale ? ' · ' : ' '}
          {stale ? `what you see is ${age(0, Math.max(ageMs, 1000))} old` : clockTime(known.at)}
        </time>
      )}
    </p>
  );
}

function connectionWord(
  state: 'connecting' | 'live' | 'lost',
  { stale, leads }: { readonly stale: boolean; readonly leads: boolean },
): string {
  if (state === 'connecting') return 'CONNECTING';
  if (state === 'lost') return leads ? 'CONNECTION LOST, reconnecting' : 'NO REPLICA LEADS, waiting for one';
  return stale ? `STALE: no look for ${STALE_MS / 1000} s` : 'LIVE';
}

function Tools() {
  const [helps, setHelps] = useState(false);
  const choice = useCell(themeChoice);
  useCommands({ help: () => setHelps(true) });
  return (
    <div class="tools">
      <button
        type="button"
        class="button quiet"
        onClick={() => themeChoice.set(nextChoice(choice, matchMedia('(prefers-color-scheme: light)').matches))}
      >
        <span aria-hidden="true">◐</span> {choice === 'system' ? 'auto' : choice}
        <span class="unseen"> theme: change</span>
      </button>
      <button
        type="button"
        class="button quiet"
        aria-label="help: keys, marks and filters"
        onClick={() => setHelps(true)}
      >
        ?
      </button>
      <SignOut />
      {helps && <Help close={() => setHelps(false)} />}
    </div>
  );
}

function SignOut() {
  const session = useSession();
  if (session?.signedIn !== true || session.signIn === 'off') return null;
  const who = `${session.user} (${session.role})`;
  if (session.signIn === 'proxy') return <span class="user">{who}</span>;
  return (
    <button
      type="button"
      class="button quiet"
      aria-label={`sign out ${who}`}
      title={who}
      onClick={() => void del<void>('api/session').then(askSession)}
    >
      sign out
    </button>
  );
}
