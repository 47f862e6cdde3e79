import { render } from 'preact';
import { startKeyboard } from './keyboard/commands.ts';
import { askSession } from './api.ts';
import { startClock } from './now.ts';
import { Page } from './page.tsx';
import { startPrinting } from './printing.ts';
import { router } from './router.ts';
import { session } from './session.ts';
import { StatusPage } from './status/status-page.tsx';
import { startTheme } from './theme.ts';

/** While the controller does not answer, it is asked this often who we are. */
const ASK_AGAIN_MS = 2000;

const root = document.getElementById('page');
if (root !== null) start(root);

function start(place: HTMLElement): void {
  startTheme();
  startClock();
  place.replaceChildren();
  if (/\/status\/?$/.test(globalThis.location.pathname)) {
    render(<StatusPage />, place);
    return;
  }
  router.start();
  startKeyboard();
  startPrinting(() => render(<Page />, place));
  render(<Page />, place);
  void askUntilKnown();
}

async function askUntilKnown(): Promise<void> {
  await askSession();
  if (session.get() === undefined) setTimeout(() => void askUntilKnown(), ASK_AGAIN_MS);
}
