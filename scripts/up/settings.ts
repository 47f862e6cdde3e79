import { copyFile, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { repositoryRoot } from './places.ts';

export type Settings = Readonly<Record<string, string>>;

const settingsFile = resolve(repositoryRoot, '.env');

/** Settings of `.env`, which is made from `.env.example` when it is missing; the shell's variables win, as in Compose. */
export async function readSettings(): Promise<Settings> {
  const text = await readFile(settingsFile, 'utf8').catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    await copyFile(resolve(repositoryRoot, '.env.example'), settingsFile);
    console.log('Made .env from .env.example');
    return readFile(settingsFile, 'utf8');
  });
  return mergeSettings(parseEnv(text), process.env);
}

function mergeSettings(...sources: readonly NodeJS.Dict<string>[]): Settings {
  const merged: Record<string, string> = {};
  for (const source of sources) {
    for (const [name, value] of Object.entries(source)) if (value !== undefined) merged[name] = value;
  }
  return merged;
}

/** Whether mails go to the sandbox: no key and no SES endpoint of the user's own. */
export function usesMailSandbox(settings: Settings): boolean {
  return isEmpty(settings['AWS_ACCESS_KEY_ID']) && isEmpty(settings['AWS_ENDPOINT_URL_SES']);
}

function isEmpty(value: string | undefined): boolean {
  return value === undefined || value.trim() === '';
}
