/** Last lines of a log file; text only, whatever is in them. */
export function LogLines({ title, lines }: { title: string; lines: readonly string[] }) {
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      {lines.length === 0 ? <p class="empty">nothing written yet</p> : <pre tabIndex={0}>{lines.join('\n')}</pre>}
    </section>
  );
}
