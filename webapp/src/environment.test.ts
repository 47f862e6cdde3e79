import { describe, expect, it } from 'vitest';
import { readSettings } from './environment.ts';

describe('readSettings', () => {
  it('starts without any setting, on loopback outside a container', () => {
    expect(readSettings({}, false)).toEqual({
      ok: true,
      settings: {
        host: '127.0.0.1',
        port: 8000,
        database: { host: 'localhost', port: 5432, name: 'monitoring_db', user: 'postgres', password: 'postgres' },
      },
    });
  });

  it('listens on every interface in a container', () => {
    expect(readSettings({}, true)).toMatchObject({ settings: { host: '0.0.0.0' } });
  });

  it('takes every setting from the environment', () => {
    const env = {
      HOST: '127.0.0.9',
      PORT: '8080',
      DB_HOST: 'db',
      DB_PORT: '6543',
      DB_NAME: 'shop',
      DB_USER: 'sam',
      DB_PASSWORD: ' spaces count ',
    };
    expect(readSettings(env, true)).toEqual({
      ok: true,
      settings: {
        host: '127.0.0.9',
        port: 8080,
        database: { host: 'db', port: 6543, name: 'shop', user: 'sam', password: ' spaces count ' },
      },
    });
  });

  it('takes an empty value as not set, as Compose passes it', () => {
    expect(readSettings({ PORT: '', DB_HOST: ' ' }, false)).toMatchObject({
      settings: { port: 8000, database: { host: 'localhost' } },
    });
  });

  it.each(['eighty', '0', '65536', '80.5', '-1', '0x50', '1e3'])('refuses the port %s by name', (port) => {
    const result = readSettings({ PORT: port, DB_PORT: port }, false);
    expect(result).toMatchObject({ ok: false });
    expect(result.ok ? [] : result.problems).toEqual([
      expect.stringContaining(`PORT="${port}" is not a port`),
      expect.stringContaining(`DB_PORT="${port}" is not a port`),
    ]);
  });
});
