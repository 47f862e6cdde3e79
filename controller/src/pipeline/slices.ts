/** Containers that are recorded or judged at a stretch: some 20 ms. */
export const SLICE_SIZE = 500;

/** The whole in parts, in order. */
export function* slices<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += SLICE_SIZE) yield all.slice(from, from + SLICE_SIZE);
}
