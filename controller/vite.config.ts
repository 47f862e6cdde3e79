import { join } from 'node:path';
import type { UserConfig } from 'vite';

/** Bundles the dashboard page into dist/web, which the controller serves. No file is inlined: the CSP forbids it. */
const config: UserConfig = {
  root: join(import.meta.dirname, 'src/dashboard/web'),
  base: './',
  build: {
    outDir: join(import.meta.dirname, 'dist/web'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2022',
    modulePreload: false,
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  logLevel: 'warn',
};

export default config;
