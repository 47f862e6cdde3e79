import { useRef } from 'preact/hooks';
import { severities } from '../../../../model/severity.ts';
import { useCommands } from '../../keyboard/commands.ts';
import { router } from '../../router.ts';
import type { AlertFilter } from './alert-filter.ts';

interface FiltersProps {
  readonly filter: AlertFilter;
  readonly policies: readonly string[];
  readonly shown: number;
  readonly all: number;
}

/** Chooses what of the history is shown; the choice is in the address. */
export function Filters({ filter, policies, shown, all }: FiltersProps) {
  const words = useRef<HTMLInputElement>(null);
  useCommands({ filter: () => words.current?.focus() });
  return (
    <div class="tools" role="search" aria-label="Filter of the alerts">
      <Choice name="state" value={filter.state} options={['firing', 'pending', 'resolved']} />
      <Choice name="severity" value={filter.severity} options={severities.toReversed()} />
      <Choice name="policy" value={filter.policy} options={policies} />
      <label>
        words{' '}
        <input
          ref={words}
          type="search"
          value={filter.text ?? ''}
          autocomplete="off"
          onInput={(event) => router.setQuery({ q: event.currentTarget.value })}
        />
      </label>
      <span class="dim" role="status">
        {shown === all ? `${all} ${all === 1 ? 'alert' : 'alerts'}` : `${shown} of ${all} alerts`}
      </span>
    </div>
  );
}

function Choice({ name, value, options }: { name: string; value: string | undefined; options: readonly string[] }) {
  const all = value === undefined || options.includes(value) ? options : [...options, value];
  return (
    <label>
      {name}{' '}
      <select value={value ?? ''} onChange={(event) => router.setQuery({ [name]: event.currentTarget.value })}>
        <option value="">all</option>
        {all.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}
