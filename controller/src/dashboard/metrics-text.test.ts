import { expect, it } from 'vitest';
import { buildObservation, buildTarget } from '../model/builders.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { createMetricsText } from './metrics-text.ts';

const email = { configured: true, message: '', sent: 0, failed: 0, waiting: 3 };
const snapshot: Snapshot = { at: 0, hosts: [], targets: [], policies: [], alerts: [], problems: [], email };

it('shows alerts by state and severity, the outbox and the budget', async () => {
  const metrics = createMetricsText();
  const budget = { perDay: 200, perSecond: 1, source: 'ses', spent: 170, held: 2, heldTotal: 5 } as const;
  const lines = (await metrics.render({ ...snapshot, email: { ...email, budget } })).split('\n');
  expect(lines).toContain('foghorn_alerts{state="firing",severity="critical"} 0');
  expect(lines).toContain('foghorn_outbox_waiting 3');
  expect(lines).toContain('foghorn_mail_budget_per_day 200');
  expect(lines).toContain('foghorn_mail_budget_spent 170');
  expect(lines).toContain('foghorn_notifications_held_back 2');
  expect(lines).toContain('foghorn_notifications_held_back_total 5');
});

it('has no limit to show where there is none', async () => {
  const metrics = createMetricsText();
  const budget = { perSecond: 14, source: 'ses', spent: 1, held: 0, heldTotal: 0 } as const;
  expect(await metrics.render({ ...snapshot, email: { ...email, budget } })).not.toMatch(
    /^foghorn_mail_budget_per_day /m,
  );
});

it.each([
  [20_000, 20_000, 0],
  [20_001, 0, 20_001],
])('of %i containers has metrics of %i, and says of how many not', async (containers, shown, leftOut) => {
  const targets = Array.from({ length: containers }, (_, index) => ({
    observation: buildObservation({ target: buildTarget({ name: `c${index}` }) }),
    policies: [],
    severity: undefined,
    loadtest: undefined,
    sparklines: {},
  }));
  const text = await createMetricsText().render({ ...snapshot, targets });
  expect(text.match(/^foghorn_container_up\{/gm) ?? []).toHaveLength(shown);
  expect(text).toContain(`\nfoghorn_container_metrics_left_out ${leftOut}\n`);
});
