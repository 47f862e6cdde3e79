import { describe, expect, it } from 'vitest';
import { fakeTarget } from './fake-reader.ts';
import { statusPage, statusTargets } from './status-page.ts';

const base = { hosts: [], policies: [], alerts: [], problems: [] };
const email = { configured: false, message: '', sent: 0, failed: 0, waiting: 0 };
const options = (...names: string[]) => ({ names, title: 'Status' });

describe('the status page', () => {
  it('shows the containers that were chosen, worst first, and no others', () => {
    const targets = [
      fakeTarget(0, 0),
      fakeTarget(1, 0, { state: 'exited' }),
      fakeTarget(2, 0, { health: 'unhealthy' }),
      { ...fakeTarget(3, 0), severity: 'critical' as const },
      { ...fakeTarget(4, 0), severity: 'info' as const },
      fakeTarget(10, 0, { state: 'exited' }),
    ];
    const { shown, leftOut } = statusTargets({ at: 0, ...base, email, targets }, options('service-000?'));
    const page = statusPage({ at: 7, title: 'Ours', shown, leftOut, uptimes: new Map() });
    expect(page).toMatchObject({ title: 'Ours', at: 7, state: 'down', leftOut: 0 });
    expect(page.services.map(({ name, state }) => [name, state])).toEqual([
      ['service-0001', 'down'],
      ['service-0002', 'degraded'],
      ['service-0003', 'degraded'],
      ['service-0000', 'up'],
      ['service-0004', 'up'],
    ]);
  });

  it('tells nothing of a container but name, state and uptime', () => {
    const { shown, leftOut } = statusTargets({ at: 0, ...base, email, targets: [fakeTarget(0, 0)] }, options('*'));
    const slots = [{ state: 'up' as const, up: 1, degraded: 0, down: 0, unknown: 0 }];
    const uptimes = new Map([[shown[0]?.observation.target.id ?? '', { target: 'secret/id', slots, share: 0.5 }]]);
    const { services } = statusPage({ at: 0, title: '', shown, leftOut, uptimes });
    expect(services).toEqual([{ name: 'service-0000', state: 'up', uptime: 0.5, slots: ['up'] }]);
  });

  it('has room for a hundred, and shows nothing when nothing was chosen', () => {
    const targets = Array.from({ length: 130 }, (_, index) => fakeTarget(index, 0));
    expect(statusTargets({ at: 0, ...base, email, targets }, options('*'))).toMatchObject({ leftOut: 30 });
    expect(statusTargets({ at: 0, ...base, email, targets }, options())).toEqual({ shown: [], leftOut: 0 });
  });
});
