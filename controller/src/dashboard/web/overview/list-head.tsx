import type { SortColumn, SortOrder } from './arrange.ts';

interface Head {
  readonly column: SortColumn | undefined;
  readonly class: string;
  readonly text: string;
}

const heads: readonly Head[] = [
  { column: 'severity', class: 'state', text: 'status' },
  { column: 'name', class: 'name', text: 'container' },
  { column: 'cpu', class: 'usage cpu', text: 'CPU' },
  { column: 'memory', class: 'usage memory', text: 'memory' },
  { column: 'http', class: 'http', text: 'HTTP' },
  { column: 'restarts', class: 'restarts number', text: 'restarts' },
  { column: 'up', class: 'up number', text: 'up for' },
  { column: undefined, class: 'day', text: '24 hours' },
];

/** The columns; a click sorts by one, a second click turns it round. */
export function ListHead({ order, sortBy }: { order: SortOrder; sortBy: (column: SortColumn) => void }) {
  return (
    <div role="rowgroup" class="head">
      <div role="row" aria-rowindex={1} class="line">
        {heads.map((head) => (
          <HeadCell key={head.text} {...head} order={order} sortBy={sortBy} />
        ))}
      </div>
    </div>
  );
}

function HeadCell(props: Head & { order: SortOrder; sortBy: (column: SortColumn) => void }) {
  const { column, text, order, sortBy } = props;
  if (column === undefined) {
    return (
      <span role="columnheader" class={props.class}>
        {text}
      </span>
    );
  }
  const isSorted = order.column === column;
  const direction = order.descending ? 'descending' : 'ascending';
  return (
    <span role="columnheader" class={props.class} aria-sort={isSorted ? direction : 'none'}>
      <button type="button" onClick={() => sortBy(column)}>
        {text}
        <span class="arrow" aria-hidden="true">
          {isSorted ? (order.descending ? ' ▾' : ' ▴') : ''}
        </span>
      </button>
    </span>
  );
}
