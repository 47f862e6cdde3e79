import { useRef } from 'preact/hooks';
import { useCommands } from '../keyboard/commands.ts';

export interface FilterBarProps {
  readonly text: string;
  readonly change: (text: string) => void;
  readonly found: number;
  readonly all: number;
  readonly problems: readonly string[];
  readonly isGrouped: boolean;
  readonly toggleGrouped: () => void;
}

/** Quick filters for those who do not type. */
const quick = [
  { text: 'sev:critical,warning', label: 'troubled' },
  { text: '-state:running', label: 'not running' },
] as const;

export function FilterBar({ text, change, found, all, problems, isGrouped, toggleGrouped }: FilterBarProps) {
  const field = useRef<HTMLInputElement>(null);
  useCommands({
    filter: () => field.current?.focus(),
    escape() {
      field.current?.blur();
      if (text !== '') change('');
    },
  });
  return (
    <div class="filter" role="search">
      <label>
        <span class="prompt" aria-hidden="true">
          /
        </span>
        <input
          ref={field}
          type="search"
          value={text}
          placeholder="filter: name, sev:critical, host:nas, label:tier=db"
          aria-label="Filter containers"
          aria-describedby="filter-found"
          spellcheck={false}
          autocomplete="off"
          maxLength={1000}
          onInput={(event) => change(event.currentTarget.value)}
        />
      </label>
      {quick.map((choice) => (
        <button
          key={choice.text}
          type="button"
          class="button quiet"
          aria-pressed={text === choice.text}
          onClick={() => change(text === choice.text ? '' : choice.text)}
        >
          {choice.label}
        </button>
      ))}
      <button type="button" class="button quiet" aria-pressed={isGrouped} onClick={toggleGrouped}>
        grouped
      </button>
      <span id="filter-found" class="found" role="status">
        {text.trim() === '' ? '' : `${found} of ${all}`}
        {problems.map((problem) => (
          <span key={problem} class="warning">
            {' '}
            {problem}
          </span>
        ))}
      </span>
    </div>
  );
}
