import { describe, expect, it } from 'vitest';
import { initialKeys, readKey, type KeyPress } from './keys.ts';

const press = (key: string, changes: Partial<KeyPress> = {}): KeyPress => ({
  key,
  inField: false,
  onControl: false,
  withModifier: false,
  at: 1000,
  ...changes,
});

/** Commands of keys that are pressed one after the other, 100 ms apart. */
function commands(...keys: readonly string[]): readonly (string | undefined)[] {
  let state = initialKeys;
  return keys.map((key, index) => {
    const read = readKey(state, press(key, { at: index * 100 }));
    state = read.state;
    return read.command;
  });
}

describe('readKey', () => {
  it.each([
    ['j', 'down'],
    ['k', 'up'],
    ['Enter', 'open'],
    ['/', 'filter'],
    ['?', 'help'],
    ['a', 'acknowledge'],
    ['s', 'silence'],
    ['Escape', 'escape'],
    ['x', undefined],
    ['constructor', undefined],
  ])('%s: %s', (key, command) => {
    expect(readKey(initialKeys, press(key)).command).toBe(command);
  });

  it.each([
    ['o', 'goOverview'],
    ['p', 'goPolicies'],
    ['a', 'goAlerts'],
    ['l', 'goLoadTests'],
    ['m', 'goMails'],
    ['x', undefined],
  ])('g and then %s: %s', (key, command) => {
    expect(commands('g', key, 'j')).toEqual([undefined, command, 'down']);
  });

  it('forgets a g after a while', () => {
    const { state } = readKey(initialKeys, press('g'));
    expect(readKey(state, press('a', { at: 4000 })).command).toBe('acknowledge');
  });

  it('leaves text fields their letters, but not Escape', () => {
    expect(readKey(initialKeys, press('j', { inField: true })).command).toBeUndefined();
    expect(readKey(initialKeys, press('Escape', { inField: true })).command).toBe('escape');
  });

  it('leaves Enter to a button, and keys with a modifier to the browser', () => {
    expect(readKey(initialKeys, press('Enter', { onControl: true })).command).toBeUndefined();
    expect(readKey(initialKeys, press('k', { withModifier: true })).command).toBeUndefined();
  });
});
