import { describe, expect, it } from 'vitest';
import { buildPolicy } from '../model/builders.ts';
import { withWebhooks } from './recipients.ts';

const { notify } = buildPolicy({});
const defaults = { from: 'alerts@example.org', to: ['ops@example.org'], webhooks: ['slack+setting:1'] };

describe('withWebhooks', () => {
  it.each([
    ['the controller tells', {}, defaults, ['ops@example.org', 'slack+setting:1']],
    [
      'a policy names its own',
      { to: ['me@example.org'], webhooks: ['slack+env:X'] },
      defaults,
      ['me@example.org', 'slack+env:X'],
    ],
    ['there is no sender', {}, { ...defaults, from: undefined }, ['slack+setting:1']],
  ])('tells both when %s', (_, own, others, to) => {
    expect(withWebhooks({ ...notify, to: undefined, from: undefined, ...own }, others).to).toEqual(to);
  });

  it('tells routes by mail only where there is a sender', () => {
    const routes = [{ minSeverity: 'critical', to: ['a@example.org', 'slack+env:X'] }] as const;
    const own = { ...notify, webhooks: [], routes };
    const { to, routes: told } = withWebhooks(own, { to: ['ops@example.org'] });
    expect([to, told]).toEqual([[], [{ minSeverity: 'critical', to: ['slack+env:X'] }]]);
    expect(withWebhooks(own, defaults)).toMatchObject({ to: ['ops@example.org'], routes });
  });

  it('changes nothing where there are none', () => {
    expect(withWebhooks({ ...notify, webhooks: [] }, defaults)).toEqual({ ...notify, webhooks: [] });
  });
});
