import { isHeaderName, isNetwork, parsePassword, parseToken, type Access } from './model/access.ts';
import type { SettingsReader } from './settings-reader.ts';
import type { SettingName } from './settings.ts';

export interface DashboardConfig {
  readonly host: string;
  readonly port: number;
  /** As people reach it; its path is where a reverse proxy shows it. */
  readonly url: string;
  /** Where it can be reached from: `host`, or what a container is published on. */
  readonly publishedOn: string;
  readonly access: Access;
  /** With more passwords and tokens. */
  readonly accessFile?: string | undefined;
  /** Globs of container names; none: no status page. */
  readonly statusPage: { readonly names: readonly string[]; readonly title: string };
}

export function parseDashboard(read: SettingsReader): DashboardConfig {
  const port = read.integer('PORT', 1, 65_535);
  const host = read.text('HOST');
  const each = <Value>(name: SettingName, what: string, parse: (entry: string) => Value | undefined): Value[] =>
    read.list(name).flatMap((entry, index) => {
      const value = parse(entry);
      // It may be a secret: it is not repeated.
      if (value === undefined) read.wrong(`${name}: entry ${index + 1} is not ${what}`);
      return value ?? [];
    });
  const trustedProxies = each('DASHBOARD_TRUSTED_PROXIES', 'an address or a network', (entry) =>
    isNetwork(entry) ? entry : undefined,
  );
  const userHeader = read.optional('DASHBOARD_USER_HEADER')?.toLowerCase();
  if (userHeader !== undefined && !isHeaderName(userHeader))
    read.wrong('DASHBOARD_USER_HEADER: not the name of a header');
  if (userHeader !== undefined && trustedProxies.length === 0) {
    read.wrong('DASHBOARD_USER_HEADER: anybody could send it; name the proxies in DASHBOARD_TRUSTED_PROXIES');
  }
  return {
    host,
    port,
    url: withoutPassword(read.httpUrl('DASHBOARD_URL')) ?? `http://localhost:${port}`,
    publishedOn: read.optional('BIND_ADDRESS') ?? host,
    access: {
      passwords: each('DASHBOARD_PASSWORDS', 'operate=HASH or view=HASH (hash-password makes it)', parsePassword),
      tokens: each('DASHBOARD_TOKENS', 'operate=TOKEN or view=TOKEN of at least 24 characters', parseToken),
      trustedProxies,
      userHeader,
      operators: read.list('DASHBOARD_OPERATORS'),
    },
    accessFile: read.optional('DASHBOARD_ACCESS_FILE'),
    statusPage: { names: read.list('STATUS_PAGE'), title: read.text('STATUS_PAGE_TITLE') },
  };
}

/** It goes into mails and into calls to others. */
function withoutPassword(address: string | undefined): string | undefined {
  const url = address === undefined ? null : URL.parse(address);
  if (url === null || (url.username === '' && url.password === '')) return address;
  url.username = '';
  url.password = '';
  return url.href;
}
