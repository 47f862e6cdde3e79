import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { LiveView } from '../live/live-view.ts';
import { useCell } from '../cell.ts';
import { isPrinting } from '../printing.ts';
import type { Line, SortColumn, SortOrder } from './arrange.ts';
import { ContainerLine } from './container-line.tsx';
import { GroupLine } from './group-line.tsx';
import { ListHead } from './list-head.tsx';
import { useOnScreen } from './on-screen.ts';
import { moveFocus } from './own-focus.ts';
import { uptimes } from './uptime.ts';
import { useIsPhone, useLineWindow, viewportOf } from './use-viewport.ts';
import { scrollBy } from './window.ts';

export interface ContainerListProps {
  readonly lines: readonly Line[];
  readonly view: LiveView;
  readonly order: SortOrder;
  readonly sortBy: (column: SortColumn) => void;
  readonly isGrouped: boolean;
  readonly activeKey: string | undefined;
  readonly focused: (key: string) => void;
  readonly wantsFocus: (key: string | undefined) => boolean;
  readonly toggle: (group: string) => void;
}

/** Pixels, as in overview.css: all lines are of one height, so that the place of each is known without drawing it. */
const LINE_HEIGHT = 34;
const PHONE_LINE_HEIGHT = 62;
/** Room for what sticks to the top of the screen. */
const SCROLL_MARGIN = 64;

/** All containers; only the lines on screen and a few around them are in the document. */
export function ContainerList(props: ContainerListProps) {
  const { lines, view, activeKey } = props;
  const list = useRef<HTMLDivElement>(null);
  const lineHeight = useIsPhone() ? PHONE_LINE_HEIGHT : LINE_HEIGHT;
  const drawsAll = useCell(isPrinting);
  const seen = useLineWindow(list, lines.length, lineHeight);
  const { first, end } = drawsAll ? { first: 0, end: lines.length } : seen;
  const activeIndex = useMemo(
    () => (activeKey === undefined ? -1 : lines.findIndex(({ key }) => key === activeKey)),
    [lines, activeKey],
  );
  useFocus(list, props, activeIndex, lineHeight);
  useKeptFocus(list, activeKey);
  const drawn = lines.slice(first, end);
  useOnScreen(drawn);
  // The line that has the focus stays in the document, wherever it was scrolled to.
  const before = activeIndex >= 0 && activeIndex < first ? [activeIndex] : [];
  const after = activeIndex >= end ? [activeIndex] : [];
  const indexes = [...before, ...drawn.map((_line, offset) => first + offset), ...after];
  const known = useCell(uptimes);
  return (
    <div class="list" role="table" aria-label="Containers" aria-rowcount={lines.length + 1} aria-colcount={8}>
      <ListHead order={props.order} sortBy={props.sortBy} />
      <div role="rowgroup" class="lines" ref={list} style={{ height: `${lines.length * lineHeight}px` }}>
        {indexes.map((index) => {
          const line = lines[index];
          if (line === undefined) return null;
          return (
            <div
              key={line.key}
              role="presentation"
              class="place"
              style={{ transform: `translateY(${index * lineHeight}px)` }}
            >
              <OneLine {...props} line={line} index={index} screen={view.screen} uptimes={known} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface OneLineProps extends ContainerListProps {
  readonly line: Line;
  readonly index: number;
  readonly screen: LiveView['screen'];
  readonly uptimes: ReturnType<(typeof uptimes)['get']>;
}

function OneLine({ line, index, screen, uptimes: known, activeKey, isGrouped, focused, toggle }: OneLineProps) {
  const isActive = line.key === activeKey;
  if (line.kind === 'group') {
    return (
      <GroupLine
        group={line.group}
        stop={line.key}
        index={index + 1}
        isActive={isActive}
        toggle={toggle}
        focused={focused}
      />
    );
  }
  const { row } = line;
  return (
    <ContainerLine
      row={row}
      screen={screen.get(row.id)}
      uptime={known.get(row.id)?.uptime}
      index={index + 1}
      isActive={isActive}
      isGrouped={isGrouped}
      focused={focused}
    />
  );
}

/** A line that becomes the active one is scrolled to and focused; one that only moves in the list is left alone. */
function useFocus(
  list: { readonly current: HTMLElement | null },
  { activeKey, wantsFocus }: ContainerListProps,
  activeIndex: number,
  lineHeight: number,
): void {
  const latest = useRef(activeIndex);
  latest.current = activeIndex;
  useEffect(() => {
    if (!wantsFocus(activeKey) || list.current === null || activeKey === undefined || latest.current < 0) return;
    const distance = scrollBy(latest.current, lineHeight, viewportOf(list.current), SCROLL_MARGIN);
    if (distance !== 0) globalThis.scrollBy({ top: distance });
    moveFocus(stopIn(list.current, activeKey));
  }, [list, activeKey, wantsFocus, lineHeight]);
}

/** A line that is moved in the document loses the focus to nobody: it gets it back. */
function useKeptFocus(list: { readonly current: HTMLElement | null }, activeKey: string | undefined): void {
  const hadFocus = list.current?.contains(document.activeElement) === true;
  useLayoutEffect(() => {
    if (!hadFocus || activeKey === undefined || document.activeElement !== document.body) return;
    moveFocus(list.current === null ? undefined : stopIn(list.current, activeKey));
  });
}

function stopIn(list: HTMLElement, key: string): HTMLElement | null {
  return list.querySelector<HTMLElement>(`[data-stop="${CSS.escape(key)}"]`);
}
