/** Where things of a running system are; all relative paths of the scripts start here. */
import { resolve } from 'node:path';

export const repositoryRoot: string = resolve(import.meta.dirname, '../..');
export const logDirectory: string = resolve(repositoryRoot, 'logs');
export const dataDirectory: string = resolve(repositoryRoot, 'data');
export const runDirectory: string = resolve(dataDirectory, 'run');
export const policyDirectory: string = resolve(repositoryRoot, 'policies');
export const postgresDirectory: string = resolve(dataDirectory, 'postgres');

export const WEBAPP_PORT = 8000;
export const DASHBOARD_PORT = 8001;
export const SES_PORT = 8005;
