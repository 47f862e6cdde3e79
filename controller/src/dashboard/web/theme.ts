import { createCell, useCell, type Cell } from './cell.ts';

export type ThemeChoice = 'system' | 'dark' | 'light';
export type Theme = 'dark' | 'light';

const STORAGE_KEY = 'foghorn.theme';

export const themeChoice: Cell<ThemeChoice> = createCell<ThemeChoice>('system');
const theme: Cell<Theme> = createCell<Theme>('dark');

/** The theme in force, for what CSS does not reach (canvas). */
export function useTheme(): Theme {
  return useCell(theme);
}

/** Sets `data-theme` on the document and keeps it true; gives back a function that ends it. */
export function startTheme(): () => void {
  const light = matchMedia('(prefers-color-scheme: light)');
  const apply = (): void => {
    theme.set(themeInForce(themeChoice.get(), light.matches));
    document.documentElement.dataset['theme'] = theme.get();
  };
  themeChoice.set(storedChoice());
  apply();
  light.addEventListener('change', apply);
  const unfollow = themeChoice.follow((choice) => {
    store(choice);
    apply();
  });
  return () => {
    light.removeEventListener('change', apply);
    unfollow();
  };
}

export function themeInForce(choice: ThemeChoice, prefersLight: boolean): Theme {
  if (choice !== 'system') return choice;
  return prefersLight ? 'light' : 'dark';
}

/** What the button does next: first away from what is seen, in the end back to the system. */
export function nextChoice(choice: ThemeChoice, prefersLight: boolean): ThemeChoice {
  const opposite: Theme = prefersLight ? 'dark' : 'light';
  if (choice === 'system') return opposite;
  return choice === opposite ? (prefersLight ? 'light' : 'dark') : 'system';
}

/** Storage may be forbidden; the choice then lasts as long as the page. */
function storedChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    return stored === 'dark' || stored === 'light' ? stored : 'system';
  } catch {
    return 'system';
  }
}

function store(choice: ThemeChoice): void {
  try {
    localStorage.setItem(STORAGE_KEY, choice);
  } catch {
    // Nothing is lost but the choice after a reload.
  }
}
