import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What differs from machine to machine and from one run to the next. */
export interface Words {
  readonly experiments: string;
  readonly root: string;
  /** Folders of the runs and groups, in the order in which they are numbered. */
  readonly runs: readonly string[];
}

/** Folders of all runs and groups, oldest first, a group before its runs. */
export function runsIn(experiments: string): string[] {
  if (!existsSync(experiments)) return [];
  const runs = readdirSync(experiments, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .flatMap(({ name }) => readdirSync(join(experiments, name)).map((id) => join(experiments, name, id)))
    .filter((run) => existsSync(join(run, 'lock.json')) || existsSync(join(run, 'group.json')));
  const started = (run: string): string => {
    const group = join(dirname(run), basename(run).replace(/-\d+$/, ''), 'group.json');
    const first = existsSync(group) ? group : join(run, 'events.ndjson');
    return /"(?:time|started|created)":\s*"([^"]+)"/.exec(readFileSync(first, 'utf8'))?.[1] ?? '';
  };
  const number = (run: string) => Number(/-(\d+)$/.exec(basename(run))?.[1] ?? 0);
  return runs
    .map((run) => ({ run, key: started(run) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : number(a.run) - number(b.run)))
    .map(({ run }) => run);
}

/** Folders and ids by words. Ids of digits alone are replaced only where they stand for a run, not where they may be a number. */
export function named(text: string, { experiments, root, runs }: Words): string {
  let is = text
    .replaceAll(experiments, '<experiments>')
    .replaceAll(`${root}/`, '')
    .replaceAll(root, '<root>');
  const ids = [...new Set(runs.map((run) => basename(run).replace(/-\d+$/, '')))];
  const names = [...new Set(runs.map((run) => basename(dirname(run))))];
  for (const [i, id] of ids.entries()) {
    const before = /[a-z]/.test(id)
      ? '(?<![\\w.,#-])'
      : `(?<=(?:${names.join('|')})[ /]|[✓✗○]\\s+|["'>]|^\\s*)`;
    is = is.replace(new RegExp(`${before}${id}(?![\\w.])`, 'gm'), `<run ${i + 1}>`);
  }
  return is;
}

/** Texts without times, speeds, memory, and what names this machine. */
export function textOf(text: string, words: Words): string {
  return named(text, words)
    .replace(/>samples\/s<\/td>[\s\S]*?<\/tr>/g, '') // a row of a page
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => !MACHINE.test(line))
    .map(withoutTimes)
    .join('\n')
    .replace(/\n {20}(?=[a-z_]+ -?\d)/g, ' ') // baselines, wrapped by how long their times are
    .replace(/^cost .*(\n {2}.*)+/gm, (block) => block.replace(/ +/g, ' '));
}

/** Whole lines that say nothing but what changes. */
const MACHINE =
  /^\s*(?:[✓✗≠] )?(?:started|machine|versions?|git|file {2,}|time {2,}|samples\/s|memory|peak|\| (?:time|samples\/s|memory) )|^info\[engine\]/;

function withoutTimes(line: string): string {
  const is = line
    .replace(/\b[0-9a-f]{40}\b(?:, with changes)?/g, '<commit>')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, '<date>')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?\b/g, '<date>')
    .replace(/(?<![\w:.}])(?:\d+:)?\d+:\d\d\b(?!:)/g, '<time>')
    .replace(/(?<![\w.])[\d,.]+ ?(?:(?:ex|examples|samples)\/s|examples a second)/g, '<speed>')
    .replace(/(?<![\w.])[\d,.]+ ?(?:ms|µs|s|min)\b/g, '<time>')
    .replace(/(?<![\w.])[\d,.]+ (?:MiB|GiB|MB|GB)\b/g, '<memory>')
    .replace(/\b(cpu|webasm)×\d+/g, '$1×<threads>')
    .replace(/mlx \d+\.\d+\.\d+[^<]*onnxruntime-node [\d.]+/g, '<versions>')
    .replace(/[^<>]*, \d+ cores, linux[^<>]*/g, '<machine>');
  return is === line ? line : is.replace(/(?<=\S) {2,}/g, '  ');
}

/** Members of result.json and of events that hold a time, a speed, or what only this machine has. */
const CHANGING = new Set([
  ...['seconds', 'samples_per_second', 'peak_rss_bytes', 'time', 'threads', 'version', 'sha256', 'bytes'],
  ...['started', 'ended', 'created', 'finished', 'lock'],
]);

const stable = (words: Words) => (key: string, value: unknown) =>
  CHANGING.has(key) ? undefined : typeof value === 'string' ? named(value, words) : value;

/** result.json, two spaces deep, lists of numbers in one line. */
export const resultText = (text: string, words: Words): string =>
  `${JSON.stringify(JSON.parse(text, stable(words)), null, 1).replace(/\[\s+(-?[\d.eE+-]+|null)(?:,\s+(?:-?[\d.eE+-]+|null))*\s+\]/g, (list) => list.replace(/\s+/g, ' '))}\n`;

/** Events without those of checkpoints: one that isn't written yet when the next is due is left out. */
export const eventLines = (text: string, words: Words): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line, stable(words)))
    .filter((event) => event.type !== 'checkpoint')
    .map((event) => `${JSON.stringify(event)}\n`)
    .join('');
