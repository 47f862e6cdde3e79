import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../fake-clock.ts';
import { createSessions, IDLE_MS, MAX_SESSIONS, SESSION_MS } from './sessions.ts';

describe('a session', () => {
  it('is found by its secret, which is kept nowhere', () => {
    const sessions = createSessions({ clock: createFakeClock() });
    const { secret, session } = sessions.open('view');
    expect(sessions.bySecret(secret)).toEqual(session);
    expect(JSON.stringify(session)).not.toContain(secret);
    expect(sessions.bySecret(session.key)).toBeUndefined();
    expect(sessions.bySecret('')).toBeUndefined();
  });

  it('ends when it is told to', () => {
    const sessions = createSessions({ clock: createFakeClock() });
    const { secret, session } = sessions.open('operate');
    sessions.end(session);
    expect(sessions.bySecret(secret)).toBeUndefined();
  });

  it('ends when it was idle for too long, and use puts that off', async () => {
    const clock = createFakeClock();
    const sessions = createSessions({ clock });
    const { secret, session } = sessions.open('view');
    await clock.advance(IDLE_MS - 1);
    expect(sessions.isOpen(session)).toBe(true);
    await clock.advance(IDLE_MS - 1);
    expect(sessions.bySecret(secret)).toBeDefined();
    await clock.advance(IDLE_MS);
    expect(sessions.bySecret(secret)).toBeUndefined();
    expect(sessions.count()).toBe(0);
  });

  it('ends after a week, however busy', async () => {
    const clock = createFakeClock();
    const sessions = createSessions({ clock });
    const { secret } = sessions.open('view');
    for (let passed = IDLE_MS / 2; passed < SESSION_MS; passed += IDLE_MS / 2) {
      await clock.advance(IDLE_MS / 2);
      expect(sessions.bySecret(secret)).toBeDefined();
    }
    await clock.advance(IDLE_MS / 2);
    expect(sessions.bySecret(secret)).toBeUndefined();
  });
});

it('there are never more sessions than the bound: the idlest goes', () => {
  const sessions = createSessions({ clock: createFakeClock() });
  const first = sessions.open('view');
  const second = sessions.open('view');
  sessions.bySecret(first.secret);
  for (let opened = 2; opened <= MAX_SESSIONS; opened += 1) sessions.open('view');
  expect(sessions.count()).toBe(MAX_SESSIONS);
  expect(sessions.bySecret(first.secret)).toBeDefined();
  expect(sessions.bySecret(second.secret)).toBeUndefined();
});
