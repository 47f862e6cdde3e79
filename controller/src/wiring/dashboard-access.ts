import { readFileSync } from 'node:fs';
import type { DashboardConfig } from '../dashboard-config.ts';
import { errorMessage, FoghornError } from '../errors.ts';
import { isLoopback, isSignInOn, parseAccessFile, type Access } from '../model/access.ts';
import { ownHostAddresses } from './own-host.ts';

const nobody = { passwords: [], tokens: [] };

/** Who may see the dashboard; throws InvalidConfig with the way out when others reach it and nobody has to sign in. */
export function dashboardAccess(config: DashboardConfig): Access {
  const { passwords, tokens } = config.accessFile === undefined ? nobody : readAccessFile(config.accessFile);
  const access = {
    ...config.access,
    passwords: [...config.access.passwords, ...passwords],
    tokens: [...config.access.tokens, ...tokens],
  };
  if (isSignInOn(access)) return access;
  if (isLoopback(config.host)) return access;
  // In a container, its neighbours reach it without a sign-in: they may look, and only the machine itself may act.
  if (isLoopback(config.publishedOn)) return { ...access, operateFrom: ownHostAddresses() };
  throw new FoghornError(
    'InvalidConfig',
    `the dashboard would be open to everybody who reaches ${config.publishedOn}: set DASHBOARD_PASSWORDS (npm run foghorn -- hash-password makes it), or keep it on 127.0.0.1 (BIND_ADDRESS in Compose, else HOST); see docs/dashboard.md`,
  );
}

function readAccessFile(file: string): Pick<Access, 'passwords' | 'tokens'> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new FoghornError('InvalidConfig', `DASHBOARD_ACCESS_FILE cannot be read: ${errorMessage(error)}`, {
      cause: error,
    });
  }
  const { wrong, ...access } = parseAccessFile(text);
  if (wrong.length === 0 && access.passwords.length + access.tokens.length > 0) return access;
  const where = wrong.length === 0 ? 'it has no entry' : `wrong on line ${wrong.join(', ')}`;
  throw new FoghornError(
    'InvalidConfig',
    `DASHBOARD_ACCESS_FILE: ${where}; a line is operate=scrypt:... or view=sha256:... as hash-password makes them`,
  );
}
