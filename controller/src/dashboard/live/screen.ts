import type { ScreenRequest } from '../answers/live.ts';
import type { Broadcast } from './broadcast.ts';

/** What one page has on screen, and what of it is still to be sent. */
export interface Screen {
  /** Replaces what is on screen; what is new there is due. */
  show(request: ScreenRequest): void;
  /** These rows have changed. */
  touch(changed: ReadonlySet<string>): void;
  /** JSON of {@link LiveScreen} with all that is due; undefined when nothing is. */
  take(): string | undefined;
}

export function createScreen(broadcast: Pick<Broadcast, 'screenRows' | 'lines' | 'alive'>): Screen {
  let shown: ReadonlySet<string> = new Set();
  let due = new Set<string>();
  let wantsLines = false;
  let sentLines = '';

  function takeLines(): string {
    const lines = wantsLines ? broadcast.lines() : '';
    const isNew = lines !== sentLines;
    sentLines = lines;
    return isNew ? lines : '';
  }

  return {
    show({ ids, lines }) {
      const next = new Set(ids);
      due = new Set([...next].filter((id) => due.has(id) || !shown.has(id)));
      shown = next;
      wantsLines = lines === true;
    },
    touch(changed) {
      for (const id of shown) {
        if (changed.has(id)) due.add(id);
      }
    },
    take() {
      const rows = broadcast.screenRows(due);
      due = new Set();
      const lines = takeLines();
      if (rows.length === 0 && lines === '') return undefined;
      const { at } = broadcast.alive();
      return `{"at":${at},"rows":[${rows.join(',')}]${lines === '' ? '' : `,${lines}`}}`;
    },
  };
}
