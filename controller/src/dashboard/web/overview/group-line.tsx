import { Mark } from '../parts/mark.tsx';
import { severityOrder, type Group } from './arrange.ts';

export interface GroupLineProps {
  readonly group: Group;
  readonly stop: string;
  readonly index: number;
  readonly isActive: boolean;
  readonly toggle: (key: string) => void;
  readonly focused: (stop: string) => void;
}

/** Head of the containers of one Compose project or namespace on one host; a click folds them away. */
export function GroupLine({ group, stop, index, isActive, toggle, focused }: GroupLineProps) {
  const { host, namespace, isCollapsed, totals } = group;
  return (
    <div role="row" aria-rowindex={index + 1} class={`line group ${isActive ? 'active' : ''}`} data-group={group.key}>
      <span role="rowheader" aria-colspan={8}>
        <button
          type="button"
          data-stop={stop}
          aria-expanded={!isCollapsed}
          onClick={() => toggle(group.key)}
          onFocus={() => focused(stop)}
        >
          <span class="fold" aria-hidden="true">
            {isCollapsed ? '▸' : '▾'}
          </span>
          <span class="host">{host}</span>
          <span class="slash">/</span>
          <span class="who">{namespace === '' ? 'no project' : namespace}</span>
          <span class="counts">
            {totals.up === totals.containers ? `${totals.containers} up` : `${totals.up} of ${totals.containers} up`}
          </span>
          {severityOrder.map((severity) =>
            severity === 'ok' || totals.bySeverity[severity] === 0 ? null : (
              <span key={severity} class={`count ${severity}`}>
                <Mark kind={severity} /> {totals.bySeverity[severity]} {severity}
              </span>
            ),
          )}
        </button>
      </span>
    </div>
  );
}
