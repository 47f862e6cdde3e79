/** What a key asks for. Views answer the commands that mean something to them. */
export type Command =
  | 'down'
  | 'up'
  | 'open'
  | 'collapse'
  | 'filter'
  | 'help'
  | 'acknowledge'
  | 'silence'
  | 'escape'
  | 'goOverview'
  | 'goPolicies'
  | 'goAlerts'
  | 'goLoadTests'
  | 'goMails';

export interface KeyPress {
  readonly key: string;
  /** In a text field, a list or an editor: only Escape is ours. */
  readonly inField: boolean;
  /** On a button or a link: Enter and Space are its own. */
  readonly onControl: boolean;
  /** With Ctrl, Alt or Meta it belongs to the browser. */
  readonly withModifier: boolean;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Since when `g` waits for its second key; undefined when it does not. */
export interface KeyState {
  readonly goSince: number | undefined;
}

export const initialKeys: KeyState = { goSince: undefined };

/** A second key after that is a key of its own. */
const GO_WAIT_MS = 1500;

const single: Readonly<Record<string, Command>> = {
  j: 'down',
  ArrowDown: 'down',
  k: 'up',
  ArrowUp: 'up',
  Enter: 'open',
  o: 'open',
  c: 'collapse',
  '/': 'filter',
  '?': 'help',
  a: 'acknowledge',
  s: 'silence',
  Escape: 'escape',
};

const afterGo: Readonly<Record<string, Command>> = {
  o: 'goOverview',
  p: 'goPolicies',
  a: 'goAlerts',
  l: 'goLoadTests',
  m: 'goMails',
};

/** For the help overlay. */
export const keyHelp: readonly { readonly keys: string; readonly does: string }[] = [
  { keys: 'j / k', does: 'next / previous line' },
  { keys: 'Enter', does: 'open the line' },
  { keys: 'c', does: 'collapse or expand its group' },
  { keys: '/', does: 'filter' },
  { keys: 'a', does: 'acknowledge the alert of the line' },
  { keys: 's', does: 'silence it' },
  { keys: 'g o', does: 'overview' },
  { keys: 'g p', does: 'policies' },
  { keys: 'g a', does: 'alerts' },
  { keys: 'g l', does: 'load tests' },
  { keys: 'g m', does: 'mails' },
  { keys: 'Esc', does: 'close, leave the field, clear the filter' },
  { keys: '?', does: 'this help' },
];

/** The command of a key, if it has one, and what to remember for the next. */
export function readKey(
  state: KeyState,
  press: KeyPress,
): { readonly state: KeyState; readonly command?: Command | undefined } {
  if (press.withModifier) return { state };
  if (press.inField) return { state: initialKeys, command: press.key === 'Escape' ? 'escape' : undefined };
  if (state.goSince !== undefined && press.at - state.goSince <= GO_WAIT_MS) {
    return { state: initialKeys, command: own(afterGo, press.key) };
  }
  if (press.key === 'g') return { state: { goSince: press.at } };
  if (press.onControl && press.key === 'Enter') return { state: initialKeys };
  return { state: initialKeys, command: own(single, press.key) };
}

function own(table: Readonly<Record<string, Command>>, key: string): Command | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
