import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { CheckProblem } from '../../../answers/policies.ts';
import { lineBreak, type Completion, type Proposal } from './completion.ts';
import { offsetOf, placeOf, problemsByLine, type CursorPlace } from './gutter.ts';
import type { Complete } from './use-completion.ts';

export interface YamlEditorProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly problems: readonly CheckProblem[];
  /** Undefined: nothing is proposed. */
  readonly complete: Complete | undefined;
  /** Where the cursor is to go; a new object each time. */
  readonly goTo?: CursorPlace | undefined;
  readonly onSave: () => void;
}

interface Popup extends Completion {
  readonly chosen: number;
  readonly place: CursorPlace;
}

/** A text field with line numbers, marks of problems, and proposals at the cursor. */
export function YamlEditor({ label, value, onChange, problems, complete, goTo, onSave }: YamlEditorProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [popup, setPopup] = useState<Popup>();
  const listId = useId();
  const lines = value.split('\n');

  useEffect(() => {
    if (goTo === undefined || field.current === null) return;
    const offset = offsetOf(field.current.value, goTo);
    field.current.focus();
    field.current.setSelectionRange(offset, offset);
  }, [goTo]);

  function propose(isAsked: boolean): void {
    const element = field.current;
    if (element === null || complete === undefined) return;
    const offset = element.selectionStart;
    const found = element.selectionEnd === offset ? complete(element.value, offset) : undefined;
    const isWanted = isAsked || /\w\.?$|: $|- $/.test(element.value.slice(0, offset));
    const place = placeOf(element.value, found?.from ?? offset);
    setPopup(found === undefined || !isWanted ? undefined : { ...found, chosen: 0, place });
  }

  function take(proposal: Proposal): void {
    const element = field.current;
    if (element === null || popup === undefined) return;
    element.setSelectionRange(popup.from, element.selectionStart);
    insert(element, proposal.insert);
    propose(/[:-] $|\n +$/.test(proposal.insert));
  }

  const keys = { popup, setPopup, take, propose, onSave };
  return (
    <div class="editor">
      <Gutter count={lines.length} problems={problems} />
      <div class="editor-area">
        <textarea
          ref={field}
          class="editor-text"
          rows={Math.max(MIN_LINES, lines.length + 1)}
          cols={Math.max(MIN_COLUMNS, ...lines.map(({ length }) => length + 2))}
          wrap="off"
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          aria-label={label}
          aria-invalid={problems.some(({ severity }) => severity === 'error')}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={popup === undefined ? undefined : listId}
          aria-activedescendant={popup === undefined ? undefined : `${listId}-${popup.chosen}`}
          value={value}
          onInput={(event) => {
            onChange(event.currentTarget.value);
            propose(false);
          }}
          onClick={() => setPopup(undefined)}
          onBlur={() => setPopup(undefined)}
          onKeyDown={(event) => pressed(event, keys)}
        />
        {popup !== undefined && <Proposals popup={popup} id={listId} take={take} />}
      </div>
    </div>
  );
}

/** Room for the proposals below the first lines. */
const MIN_LINES = 20;
const MIN_COLUMNS = 40;

interface Keys {
  readonly popup: Popup | undefined;
  readonly setPopup: (popup: Popup | undefined) => void;
  readonly take: (proposal: Proposal) => void;
  readonly propose: (isAsked: boolean) => void;
  readonly onSave: () => void;
}

type FieldEvent = KeyboardEvent & { readonly currentTarget: HTMLTextAreaElement };

/** Tab leaves the field unless proposals are shown, so that nobody is caught in it. */
function pressed(event: FieldEvent, keys: Keys): void {
  const isCommand = event.ctrlKey || event.metaKey;
  if (isCommand && event.key === ' ') keys.propose(true);
  else if (isCommand && event.key === 's') keys.onSave();
  else if (keys.popup !== undefined && chosenBy(event.key, keys.popup, keys)) event.stopPropagation();
  else if (event.key === 'Enter' && !isCommand && !event.shiftKey) {
    insert(event.currentTarget, lineBreak(event.currentTarget.value, event.currentTarget.selectionStart));
  } else return;
  event.preventDefault();
}

/** Whether the key meant the proposals. */
function chosenBy(key: string, popup: Popup, { setPopup, take }: Keys): boolean {
  const count = popup.proposals.length;
  const proposal = popup.proposals[popup.chosen];
  if (key === 'Escape') setPopup(undefined);
  else if (key === 'ArrowDown') setPopup({ ...popup, chosen: (popup.chosen + 1) % count });
  else if (key === 'ArrowUp') setPopup({ ...popup, chosen: (popup.chosen + count - 1) % count });
  else if ((key === 'Enter' || key === 'Tab') && proposal !== undefined) take(proposal);
  else return false;
  return true;
}

/** Types the text, so that the browser's undo knows it. It has no other way than this old command. */
function insert(element: HTMLTextAreaElement, text: string): void {
  element.focus();
  if (document.execCommand('insertText', false, text)) return;
  element.setRangeText(text, element.selectionStart, element.selectionEnd, 'end');
  element.dispatchEvent(new Event('input', { bubbles: true }));
}

function Gutter({ count, problems }: { count: number; problems: readonly CheckProblem[] }) {
  const byLine = problemsByLine(problems);
  return (
    <div class="editor-gutter" aria-hidden="true">
      {Array.from({ length: count }, (_, index) => {
        const problem = byLine.get(index + 1);
        return (
          <div key={index} class={problem === undefined ? '' : `marked ${problem.severity}`} title={problem?.message}>
            {problem === undefined ? '' : problem.severity === 'error' ? '✕' : '!'} {index + 1}
          </div>
        );
      })}
    </div>
  );
}

function Proposals({ popup, id, take }: { popup: Popup; id: string; take: (proposal: Proposal) => void }) {
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    box.current?.scrollIntoView({ block: 'nearest' });
    list.current?.children[popup.chosen]?.scrollIntoView({ block: 'nearest' });
  }, [popup]);
  const { line, column } = popup.place;
  return (
    <div ref={box} class="proposals" style={{ '--line': line, '--column': column - 1 }}>
      <ul ref={list} id={id} role="listbox" aria-label="Proposals">
        {popup.proposals.map((proposal, index) => (
          <li
            key={proposal.label}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === popup.chosen}
            // Before the field loses the focus.
            onMouseDown={(event) => {
              event.preventDefault();
              take(proposal);
            }}
          >
            <span>
              <strong>{proposal.label}</strong>
              {proposal.required && <span class="required"> needed</span>}
            </span>
            <small>{proposal.detail}</small>
          </li>
        ))}
      </ul>
      <p class="proposal-about">{popup.proposals[popup.chosen]?.description}</p>
    </div>
  );
}
