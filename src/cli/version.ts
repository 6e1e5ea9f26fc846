import { readFileSync } from 'node:fs';

/** The package's version; package.json is two folders up from the source and one from the bundle. */
export function version(): string {
  for (const up of ['../package.json', '../../package.json']) {
    try {
      return JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')).version;
    } catch {
      // not there: the other layout
    }
  }
  return 'unknown';
}
