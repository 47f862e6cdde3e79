/** Reads the environment once, at the start, and says everything that is wrong with it at once. */

export type Environment = Readonly<Record<string, string | undefined>>;

export interface DatabaseSettings {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly user: string;
  readonly password: string;
}

export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly database: DatabaseSettings;
}

export type SettingsResult =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly string[] };

const HIGHEST_PORT = 65_535;

/**
 * @param env PORT, HOST, DB_HOST, DB_PORT, DB_NAME, DB_USER, DB_PASSWORD; an empty value counts as not set
 * @param inContainer without HOST: every interface in a container (its network decides who reaches it), else loopback only
 */
export function readSettings(env: Environment, inContainer: boolean): SettingsResult {
  const problems: string[] = [];
  const text = (name: string, fallback: string): string => env[name]?.trim() || fallback;
  const port = (name: string, fallback: number): number => {
    const given = text(name, String(fallback));
    const value = /^\d{1,5}$/.test(given) ? Number(given) : Number.NaN;
    if (value >= 1 && value <= HIGHEST_PORT) return value;
    problems.push(`${name}=${JSON.stringify(given)} is not a port: give a whole number from 1 to ${HIGHEST_PORT}`);
    return fallback;
  };
  const settings: Settings = {
    host: text('HOST', inContainer ? '0.0.0.0' : '127.0.0.1'),
    port: port('PORT', 8000),
    database: {
      host: text('DB_HOST', 'localhost'),
      port: port('DB_PORT', 5432),
      name: text('DB_NAME', 'monitoring_db'),
      user: text('DB_USER', 'postgres'),
      password: env['DB_PASSWORD'] || 'postgres',
    },
  };
  return problems.length === 0 ? { ok: true, settings } : { ok: false, problems };
}
