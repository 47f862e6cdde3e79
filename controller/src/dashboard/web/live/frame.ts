/** How long updates gather while nobody sees the page: browsers draw no frames then. */
const HIDDEN_WAIT_MS = 1000;

/** Gathers items and hands them over together, once for each frame that is drawn. */
export function createBatch<Item>(deliver: (items: readonly Item[]) => void): { add(item: Item): void; stop(): void } {
  let items: Item[] = [];
  let frame: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    unplan();
    const gathered = items;
    items = [];
    deliver(gathered);
  }

  function unplan(): void {
    if (frame !== undefined) cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = undefined;
    timer = undefined;
  }

  return {
    add(item) {
      items.push(item);
      if (timer !== undefined) return;
      // The timer also serves a page that is hidden between the two.
      timer = setTimeout(flush, HIDDEN_WAIT_MS);
      frame = requestAnimationFrame(flush);
    },
    stop: unplan,
  };
}
