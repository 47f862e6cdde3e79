import type { BudgetSnapshot } from '../../../../model/budget.ts';

const sources: Readonly<Record<BudgetSnapshot['source'], string>> = {
  settings: 'by the settings',
  ses: 'as SES says',
  assumed: 'assumed',
};

/** How much of a day's mails is spent. */
export function Budget({ budget: { perDay, spent, held, source } }: { budget: BudgetSnapshot }) {
  if (perDay === undefined) {
    return (
      <p class="dim">
        Budget: unlimited ({sources[source]}), {spent} sent in the last 24 h.
      </p>
    );
  }
  const share = perDay === 0 ? 1 : spent / perDay;
  return (
    <p class="budget">
      <label>
        budget of 24 h{' '}
        <meter
          min={0}
          max={perDay}
          low={perDay * 0.75}
          high={perDay * 0.9}
          optimum={0}
          value={Math.min(spent, perDay)}
        />
      </label>{' '}
      <span class={share >= 1 ? 'critical' : share >= 0.75 ? 'warning' : 'dim'}>
        {spent} of {perDay} spent ({sources[source]})
      </span>
      {held > 0 && <span class="warning">, {held} held back</span>}
    </p>
  );
}
