import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useCell } from '../cell.ts';
import { useLiveView } from '../live/live.ts';
import type { LiveView } from '../live/live-view.ts';
import { LogLines } from '../parts/log-lines.tsx';
import { Problems } from '../parts/problems.tsx';
import { SilenceDialog } from '../parts/silence-dialog.tsx';
import { Moment } from '../parts/time.tsx';
import { href, type ViewProps } from '../route.ts';
import { router } from '../router.ts';
import { leaderless, useSession } from '../session.ts';
import { AllWell } from './all-well.tsx';
import { nextSort, readSort, sortText } from './arrange.ts';
import { collapsed, toggleCollapsed } from './collapsed.ts';
import { ContainerList } from './container-list.tsx';
import { FilterBar } from './filter-bar.tsx';
import { FiringAlerts, firingAlerts, shownAlerts } from './firing-alerts.tsx';
import { useLines } from './use-lines.ts';
import { usePointing } from './use-pointing.ts';
import { useWalk } from './use-walk.ts';

/** Typing is faster than browsers let an address change. */
const ADDRESS_AFTER_MS = 300;

export function OverviewView({ params }: ViewProps) {
  const view = useLiveView();
  return (
    <>
      <h1 class="unseen">Overview</h1>
      {view === undefined ? <Waiting /> : <Overview view={view} params={params} />}
    </>
  );
}

/** Nothing has come yet. */
function Waiting() {
  const none = leaderless(useSession());
  if (none === undefined) return <p class="empty">waiting for the controller ...</p>;
  return (
    <div class="empty" role="status">
      <p>
        No replica leads now, so that nobody looks at the containers.{' '}
        {none.heardAt === null ? 'None was heard since this one started.' : <LastHeard at={none.heardAt} />}
      </p>
      <p>
        The page goes on by itself as soon as one does. Until then, the charts of a container are there by its link.
      </p>
    </div>
  );
}

function LastHeard({ at }: { readonly at: number }) {
  return (
    <>
      One was last heard at <Moment at={at} />.
    </>
  );
}

function Overview({ view, params: { query } }: ViewProps & { readonly view: LiveView }) {
  const [filterText, setFilterText] = useFilterText(query['q'] ?? '');
  const order = useMemo(() => readSort(query['sort']), [query['sort']]);
  const isGrouped = query['group'] !== 'none';
  const folded = useCell(collapsed);
  const pointing = usePointing();
  const { lines, found, filter } = useLines(view.rows, {
    filterText,
    order,
    isGrouped,
    collapsed: folded,
    isPointedAt: pointing.isRecent,
  });
  const firing = useMemo(() => firingAlerts(view.alerts), [view.alerts]);
  const [showsAll, setShowsAll] = useState(false);
  const walk = useWalk(lines, firing, shownAlerts(firing, showsAll));
  return (
    <>
      <Problems problems={view.problems} hosts={view.hosts} />
      <AllWell view={view} />
      <FiringAlerts
        alerts={firing}
        showsAll={showsAll}
        setShowsAll={setShowsAll}
        activeKey={walk.activeKey}
        focused={walk.focused}
        askSilence={walk.askSilence}
      />
      <section class="containers" aria-label="Containers" onPointerMove={pointing.moved}>
        {view.rows.size > 0 && (
          <FilterBar
            text={filterText}
            change={setFilterText}
            found={found}
            all={view.rows.size}
            problems={filter.problems}
            isGrouped={isGrouped}
            toggleGrouped={() => router.setQuery({ group: isGrouped ? 'none' : undefined })}
          />
        )}
        {lines.length === 0 ? (
          <NoLines all={view.rows.size} clear={() => setFilterText('')} />
        ) : (
          <ContainerList
            lines={lines}
            view={view}
            order={order}
            sortBy={(column) => router.setQuery({ sort: sortText(nextSort(order, column)) })}
            isGrouped={isGrouped}
            activeKey={walk.activeKey}
            focused={walk.focused}
            wantsFocus={walk.wantsFocus}
            toggle={toggleCollapsed}
          />
        )}
      </section>
      <LogLines title="Recent metrics" lines={view.metricsLines} />
      <LogLines title="Status history" lines={view.statusLines} />
      {walk.subject !== undefined && <SilenceDialog subject={walk.subject} close={walk.closeDialog} />}
    </>
  );
}

/** The filter at once on the page, and a moment later in its address. */
function useFilterText(inAddress: string): readonly [string, (text: string) => void] {
  const [text, setText] = useState(inAddress);
  const written = useRef(inAddress);
  useEffect(() => {
    // What was written here comes back while the next letters are typed already.
    if (inAddress !== written.current) setText(inAddress);
    written.current = inAddress;
  }, [inAddress]);
  useEffect(() => {
    if (text === written.current) return undefined;
    const timer = setTimeout(() => {
      written.current = text;
      router.setQuery({ q: text });
    }, ADDRESS_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return [text, setText];
}

function NoLines({ all, clear }: { readonly all: number; readonly clear: () => void }) {
  if (all === 0) {
    return (
      <p class="empty">
        no container seen yet: is a <a href={href('policies')}>policy</a> in force that matches one?
      </p>
    );
  }
  return (
    <p class="empty">
      none of {all} containers matches.{' '}
      <button type="button" class="button" onClick={clear}>
        clear the filter
      </button>
    </p>
  );
}
