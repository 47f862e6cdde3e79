/** How mails looked, as many as fit. */
export interface MailPages {
  /** False when it is too large to be kept. */
  keep(id: string, html: string): boolean;
  find(id: string): string | undefined;
  drop(id: string): void;
}

/** Of one mail, with its pictures. */
const MAX_HTML_CHARS = 400_000;
/** Of all; the oldest go first. */
const MAX_ALL_HTML_CHARS = 8_000_000;

export function createMailPages(): MailPages {
  const pages = new Map<string, string>();
  let total = 0;

  function drop(id: string): void {
    total -= pages.get(id)?.length ?? 0;
    pages.delete(id);
  }

  return {
    keep(id, html) {
      drop(id);
      if (html.length > MAX_HTML_CHARS) return false;
      pages.set(id, html);
      total += html.length;
      for (const oldest of pages.keys()) {
        if (total <= MAX_ALL_HTML_CHARS) break;
        drop(oldest);
      }
      return true;
    },
    find: (id) => pages.get(id),
    drop,
  };
}
