import { expect, it } from 'vitest';
import type { PreviewAlert } from '../../../answers/policies.ts';
import { previewRows } from './preview-rows.ts';

const alert = (over: Partial<PreviewAlert>): PreviewAlert => ({
  rule: 'memory',
  target: 'local/web',
  severity: 'warning',
  fired: false,
  phases: [{ state: 'pending', from: 10 }],
  from: 10,
  to: 20,
  values: {},
  mails: 0,
  ...over,
});

it('puts all breaches of a rule on a target into one row, what fires first', () => {
  const rows = previewRows([
    alert({}),
    alert({
      rule: 'cpu',
      fired: true,
      phases: [
        { state: 'pending', from: 1 },
        { state: 'critical', from: 5 },
      ],
      to: null,
    }),
    alert({ from: 30, phases: [{ state: 'pending', from: 30 }], to: 40 }),
  ]);
  expect(rows.map(({ key, fired }) => [key, fired])).toEqual([
    ['cpu|local/web', true],
    ['memory|local/web', false],
  ]);
  expect(rows[0]?.spans.map(({ kind, fromMs, toMs }) => [kind, fromMs, toMs])).toEqual([
    ['pending', 1, 5],
    ['critical', 5, null],
  ]);
  expect(rows[1]?.spans.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
    [10, 20],
    [30, 40],
  ]);
});
