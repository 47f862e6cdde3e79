import { sectionNames, wholeRow, type Picture, type SectionName } from './picture.ts';

/** What differs between two pictures, by id. */
export interface Difference {
  /** New, or more than the readings differs. */
  readonly rows: ReadonlySet<string>;
  /** Only the readings differ. */
  readonly readings: ReadonlySet<string>;
  readonly removed: readonly string[];
  readonly sections: readonly SectionName[];
}

export function difference(before: Picture, after: Picture): Difference {
  const rows = new Set<string>();
  const moved = new Set<string>();
  for (const [id, row] of after.rows) {
    const known = before.rows.get(id);
    if (known === row) continue;
    if (known?.steady !== row.steady) rows.add(id);
    else if (known.readings !== row.readings) moved.add(id);
  }
  return {
    rows,
    readings: moved,
    removed: [...before.rows.keys()].filter((id) => !after.rows.has(id)),
    sections: sectionNames.filter((name) => before.sections[name] !== after.sections[name]),
  };
}

/** JSON of {@link LiveChange}; undefined when there is nothing to say. */
export function changeJson(picture: Picture, { rows, readings, removed, sections }: Difference): string | undefined {
  const known = (ids: ReadonlySet<string>) => [...ids].flatMap((id) => picture.rows.get(id) ?? []);
  const parts = [
    ...listPart('rows', known(rows).map(wholeRow)),
    ...listPart(
      'readings',
      known(readings).map((row) => row.readings),
    ),
    ...listPart(
      'removed',
      removed.map((id) => JSON.stringify(id)),
    ),
    ...sections.map((name) => `"${name}":${picture.sections[name]}`),
  ];
  return parts.length === 0 ? undefined : `{"at":${picture.at},${parts.join(',')}}`;
}

function listPart(name: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [`"${name}":[${items.join(',')}]`];
}
