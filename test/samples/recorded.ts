import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { expect, it, type TestContext } from 'vitest';
import { mlx, root, scratch } from '../cli/mlx.ts';
import { eventLines, resultText, runsIn, textOf, type Words } from './normalize.ts';

/**
 * Recorded runs: every folder of `runs/` is an experiment with what it must give, bit for bit, in `expected/`. The built command is
 * run as a user would, so that a test knows nothing of where the source code stands.
 *
 * A case is a `case.json` (below) and, unless it names a file of `configs/`, a `config.yaml`. Recorded anew, after reading the difference,
 * by `npm run samples:refresh` (all) or `npm run samples:refresh -- <case>…`, and by nothing else.
 */
export interface Case {
  /** File of `configs/`; the folder's own `config.yaml` when left out. */
  readonly config?: string;
  /** Of `mlx`: `run` when left out; the config follows. */
  readonly command?: readonly string[];
  /** `path=value` for `--set`. */
  readonly set?: readonly string[];
  /** More runs into the same folder, each with these `--set` beside the above: `{other}` of `then` is the first of them. */
  readonly also?: readonly (readonly string[])[];
  /** What people read of it: file in `expected/` -> arguments of `mlx`; `{run}`, `{other}`, `{id}` (of the first prediction), `{out}` stand for themselves. */
  readonly then?: Readonly<Record<string, readonly string[]>>;
  /** Takes longer than a few seconds: part of `runs.slow.test.ts`. */
  readonly slow?: boolean;
  /** The bits depend on the width of the processor's vectors: skipped on another class than the recorded one. */
  readonly cpu?: boolean;
  /** A path without which the case is skipped. */
  readonly needs?: string;
}

const RUNS = join(import.meta.dirname, 'runs');
const REFRESH = process.env['SAMPLES_REFRESH'] === '1';
/** Files of a run that are compared by hash: large, or of little use to read. */
const HASHED = [
  ...['model.onnx', 'exhibits.json', 'columns.json', 'features.json', 'plan.txt'],
  ...['config.resolved.yaml', 'explain/model.json'],
];
/** Commands that have nothing to do with recorded runs. */
const NO_FOLDER = ['check', 'plan', 'inspect'];
/** Bytes up to which events and predictions are recorded whole; of longer ones the hash and the first and last lines are. */
const WHOLE = 6_000;

export const cases = (): { name: string; of: Case }[] =>
  readdirSync(RUNS)
    .sort()
    .map((name) => ({ name, of: JSON.parse(readFileSync(join(RUNS, name, 'case.json'), 'utf8')) }));

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex');

/** Everything recorded of a case: file of `expected/` -> text. */
async function outcome(name: string, of: Case): Promise<{ files: Map<string, string>; experiments: string }> {
  const experiments = scratch();
  const files = new Map<string, string>();
  const file = of.config ? join('configs', of.config) : join('test/samples/runs', name, 'config.yaml');
  const command = of.command ?? ['run'];
  const more = command[0] === 'run' ? ['--no-tui'] : [];
  let known: string[] = [];
  const found: string[] = [];
  for (const [i, also] of [[], ...(of.also ?? [])].entries()) {
    const set = [...(of.set ?? []), ...also].flatMap((one) => ['--set', one]);
    const at = ['--experiments', experiments];
    const ended = await mlx([command[0]!, file, ...command.slice(1), ...set, ...at, ...more], { cwd: root });
    const runs = runsIn(experiments);
    const fresh = runs.filter((run) => !known.includes(run));
    found.push(fresh[0] ?? '');
    known = runs;
    const words: Words = { experiments, root, runs };
    const end = i === 0 ? '' : `-${i + 1}`;
    files.set(`output${end}.txt`, `exit code ${ended.code}\n\n${textOf(ended.stdout, words)}`);
    files.set(`messages${end}.txt`, textOf(ended.stderr, words));
    if (i === 0) for (const run of fresh) record(run, fresh, words, files);
  }
  const words: Words = { experiments, root, runs: known };
  const out = join(experiments, 'out');
  const named = (arg: string) =>
    arg
      .replace('{run}', found[0]!)
      .replace('{other}', found[1] ?? '')
      .replace('{out}', out)
      .replace(
        '{id}',
        () => readFileSync(join(found[0]!, 'predictions.csv'), 'utf8').split('\n')[1]!.split(',')[0]!,
      );
  for (const [to, args] of Object.entries(of.then ?? {})) {
    rmSync(out, { force: true, recursive: true });
    const at = NO_FOLDER.includes(args[0]!) ? [] : ['--experiments', experiments];
    const ended = await mlx([...args.map(named), ...at], { cwd: root });
    const read = existsSync(out) && statSync(out).isFile() ? readFileSync(out, 'utf8') : '';
    const json = args.includes('--json') && ended.code === 0;
    const text = json ? resultText(ended.stdout, words) : textOf(ended.stdout + ended.stderr + read, words);
    files.set(to, to.endsWith('.sha256') ? `${sha256(text)}\n` : `exit code ${ended.code}\n\n${text}`);
  }
  for (const [to, text] of files) if (text === '') files.delete(to);
  return { files, experiments };
}

/** The files of a run, or of a group and, by their hashes, of its runs. */
function record(run: string, all: readonly string[], words: Words, files: Map<string, string>): void {
  const member = all.length > 1 && !existsSync(join(run, 'group.json'));
  const prefix = member ? `run-${all.indexOf(run)}-` : '';
  const read = (file: string) => (existsSync(join(run, file)) ? readFileSync(join(run, file)) : undefined);
  const hashes: string[] = [];
  for (const file of HASHED) {
    const bytes = read(file);
    if (bytes) hashes.push(`${file} ${sha256(bytes)}`);
  }
  const lock = read('lock.json');
  if (lock) {
    const { initial, data } = JSON.parse(lock.toString());
    hashes.push(`initial-weights ${initial?.sha256}`, `splits ${sha256(JSON.stringify(data?.splits))}`);
  }
  const result = read('result.json');
  const events = read('events.ndjson');
  const predictions = read('predictions.csv');
  const page = read('report.html');
  if (page) hashes.push(`report.html ${sha256(textOf(page.toString(), words))}`);
  const kept: [string, string | undefined][] = [
    ['result.json', result && resultText(result.toString(), words)],
    ['events.ndjson', events && eventLines(events.toString(), words)],
    ['predictions.csv', predictions?.toString()],
  ];
  for (const [file, text] of kept) {
    if (text === undefined) continue;
    const whole = file === 'result.json' || text.length <= WHOLE;
    if (member || !whole) hashes.push(`${file} ${sha256(text)}`);
    if (!member) files.set(whole ? file : `part-of-${file}`, whole ? text : ends(text));
  }
  files.set(`${prefix}hashes.txt`, `${hashes.join('\n')}\n`);
}

/** The first 12 lines and the last 6. */
function ends(text: string): string {
  const lines = text.trimEnd().split('\n');
  return `${[...lines.slice(0, 12), ...lines.slice(-6)].join('\n')}\n`;
}

/** `events.ndjson, line 3: expected …, found …` for each file that is not as recorded. */
function differences(expected: string, files: ReadonlyMap<string, string>): string[] {
  const recorded = existsSync(expected) ? readdirSync(expected) : [];
  return [...new Set([...recorded, ...files.keys()])].sort().flatMap((file) => {
    const [is, was] = [
      files.get(file),
      recorded.includes(file) ? readFileSync(join(expected, file), 'utf8') : undefined,
    ];
    if (is === was) return [];
    if (was === undefined) return [`${file} is new: it is not recorded`];
    if (is === undefined) return [`${file} is no longer there`];
    return [`${file}, ${firstDifference(file, was, is)}`];
  });
}

function firstDifference(file: string, was: string, is: string): string {
  const [a, b] = [was.split('\n'), is.split('\n')];
  const at = a.findIndex((line, i) => line !== b[i]);
  const i = at < 0 ? a.length : at;
  const where = `line ${i + 1}${file.endsWith('json') && a[i] && b[i] ? jsonPath(file, was, is, i) : ''}`;
  return `${where}:\n    recorded ${a[i] ?? '(ends)'}\n    now      ${b[i] ?? '(ends)'}`;
}

/** Where in a JSON text, or in a line of JSON, the first difference is. */
function jsonPath(file: string, was: string, is: string, line: number): string {
  try {
    const one = (text: string) => JSON.parse(file.endsWith('.ndjson') ? text.split('\n')[line]! : text);
    const path = differ(one(was), one(is), '');
    return path === undefined ? ' (another order of keys)' : ` (${path})`;
  } catch {
    return '';
  }
}

function differ(a: unknown, b: unknown, path: string): string | undefined {
  if (Object.is(a, b)) return undefined;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return path || 'the whole';
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const [x, y] = [a, b].map((each) => (each as Record<string, unknown>)[key]);
    const found = differ(x, y, path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

const processorClass = (experiments: string): unknown => {
  const [run] = runsIn(experiments);
  return JSON.parse(readFileSync(join(run!, 'lock.json'), 'utf8')).machine.cpu.class;
};

/** As many at once as there are processors. */
let free = Math.max(2, availableParallelism());
const waiting: (() => void)[] = [];
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (free > 0) free--;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else free++;
  }
}

/** One test for every recorded case, or, where SAMPLES_REFRESH=1, one that records it anew. */
export function testCases(slow: boolean): void {
  for (const { name, of } of cases().filter((each) => (each.of.slow ?? false) === slow)) {
    const missing = of.needs !== undefined && !existsSync(of.needs);
    if (missing) console.warn(`skipped, ${name}: ${of.needs} is not there`);
    const folder = join(RUNS, name, 'expected');
    const test = missing ? it.skip : it.concurrent;
    test(
      name,
      ({ skip }: TestContext) =>
        inTurn(async () => {
          const { files, experiments } = await outcome(name, of);
          if (of.cpu) files.set('cpu.txt', `${processorClass(experiments)}\n`);
          if (REFRESH) {
            rmSync(folder, { recursive: true, force: true });
            mkdirSync(folder, { recursive: true });
            for (const [file, text] of files) writeFileSync(join(folder, file), text);
          } else {
            const recorded = of.cpu ? readFileSync(join(folder, 'cpu.txt'), 'utf8') : undefined;
            if (recorded !== undefined && recorded !== files.get('cpu.txt'))
              return skip(`recorded on ${recorded.trim()}, which this processor is not`);
            const found = differences(folder, files);
            if (found.length > 0)
              expect.fail(
                `${name} is not as recorded; its run is in ${experiments}\n  ${found.join('\n  ')}`,
              );
          }
          rmSync(experiments, { recursive: true, force: true });
        }),
      600_000,
    );
  }
}
