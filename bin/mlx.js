#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  process.stderr.write('mlx is not built yet: `npm ci` installs and builds it.\n');
  process.exitCode = 4;
}
