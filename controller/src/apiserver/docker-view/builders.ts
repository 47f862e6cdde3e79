import type { Container } from '../../model/container.ts';
import { buildTarget } from '../../model/builders.ts';

/** A running container, for tests that set only what matters to them. */
export function buildContainer(overrides: Partial<Container> = {}): Container {
  return {
    target: buildTarget(),
    state: 'running',
    health: 'none',
    createdAt: Date.UTC(2026, 0, 13, 9, 0, 0),
    startedAt: Date.UTC(2026, 0, 13, 9, 0, 1),
    restarts: 0,
    oomKilled: false,
    ...overrides,
  };
}
