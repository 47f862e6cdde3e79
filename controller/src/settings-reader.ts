import { parseTimeOfDay } from './model/time-of-day.ts';
import { settings, type SettingName } from './settings.ts';

export type SettingsEnv = Readonly<Record<string, string | undefined>>;

/** An empty value is one that is not set. A wrong one is noted, and something of the right kind is given. */
export interface SettingsReader {
  /** Notes what is wrong. */
  wrong(message: string): void;
  optional(name: SettingName): string | undefined;
  /** With the default. */
  text(name: SettingName): string;
  integer(name: SettingName, least: number, most: number): number;
  optionalInteger(name: SettingName, least: number, most: number): number | undefined;
  /** Minutes after midnight. */
  timeOfDay(name: SettingName): number | undefined;
  choice<T extends string>(name: SettingName, allowed: readonly [T, ...T[]]): T;
  /** Comma-separated. */
  list(name: SettingName): readonly string[];
  httpsUrl(name: SettingName): string | undefined;
  httpUrl(name: SettingName): string | undefined;
  /** It may hold a password: it is not repeated. */
  postgresUrl(name: SettingName): string | undefined;
}

/** Reads settings from the environment; what is wrong is collected, so that one error can name all of it. */
export function createSettingsReader(env: SettingsEnv, wrong: string[]): SettingsReader {
  const optional = (name: SettingName): string | undefined => {
    const value = env[name]?.trim();
    return value === undefined || value === '' ? undefined : value;
  };
  const text = (name: SettingName): string => optional(name) ?? settings[name].default;
  const integer = (name: SettingName, least: number, most: number): number => {
    const raw = text(name);
    const value = Number(raw);
    if (/^\d+$/.test(raw) && value >= least && value <= most) return value;
    wrong.push(`${name}: "${raw}" is not a whole number from ${least} to ${most}`);
    return least;
  };
  return {
    wrong: (message: string) => {
      wrong.push(message);
    },
    optional,
    text,
    integer,
    optionalInteger: (name: SettingName, least: number, most: number): number | undefined =>
      optional(name) === undefined ? undefined : integer(name, least, most),
    timeOfDay: (name: SettingName): number | undefined => {
      const raw = optional(name);
      const minutes = raw === undefined ? undefined : parseTimeOfDay(raw);
      if (raw !== undefined && minutes === undefined) wrong.push(`${name}: "${raw}" is not a time such as 07:30`);
      return minutes;
    },
    choice: <T extends string>(name: SettingName, allowed: readonly [T, ...T[]]): T => {
      const raw = text(name);
      const found = allowed.find((value) => value === raw);
      if (found === undefined) wrong.push(`${name}: "${raw}" is not one of ${allowed.join(', ')}`);
      return found ?? allowed[0];
    },
    list: (name: SettingName): readonly string[] =>
      text(name)
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    httpsUrl: (name: SettingName): string | undefined => {
      const raw = optional(name);
      if (raw !== undefined && !/^https:\/\/[^/]/.test(raw)) wrong.push(`${name}: "${raw}" is not an https address`);
      return raw;
    },
    postgresUrl: (name: SettingName): string | undefined => {
      const raw = optional(name);
      if (raw !== undefined && !(/^postgres(ql)?:\/\//.test(raw) && URL.canParse(raw))) {
        wrong.push(`${name}: it is not postgres://user:password@host/database (in the password / is %2F, @ is %40)`);
      }
      return raw;
    },
    httpUrl: (name: SettingName): string | undefined => {
      const raw = optional(name);
      if (raw !== undefined && !/^https?:\/\/[^/]/.test(raw)) wrong.push(`${name}: "${raw}" is not an http(s) address`);
      return raw;
    },
  };
}
