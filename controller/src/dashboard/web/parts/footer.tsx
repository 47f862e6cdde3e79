import { useSession } from '../session.ts';

export function Footer() {
  const session = useSession();
  return (
    <footer>
      <span>
        keys: <kbd>?</kbd>
      </span>
      <a href="./api/state">JSON</a>
      <a href="./metrics">metrics</a>
      {session?.statusPage === true && <a href="./status">status page</a>}
      <button type="button" class="button quiet" onClick={() => globalThis.print()}>
        print
      </button>
    </footer>
  );
}
