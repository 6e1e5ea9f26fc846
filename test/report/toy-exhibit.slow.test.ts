import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { root, runFolder, scratch } from '../cli/mlx.ts';

// Types are checked three times, and mlx is built once.
vi.setConfig({ testTimeout: 240_000 });

/** A copy of the source, in which a kind is added step by step. */
const copy = scratch();
for (const part of ['src', 'bin', 'scripts', 'configs', 'package.json', 'package-lock.json', 'schema.json'])
  cpSync(join(root, part), join(copy, part), { recursive: true });
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));

/** Puts a line behind the first one that has this text. */
function addLine(file: string, behind: string, line: string): void {
  const lines = readFileSync(join(copy, file), 'utf8').split('\n');
  const at = lines.findIndex((one) => one.includes(behind));
  expect(at, `${behind} in ${file}`).toBeGreaterThanOrEqual(0);
  lines.splice(at + 1, 0, line);
  writeFileSync(join(copy, file), lines.join('\n'));
}

/** Files that tsc finds wrong. */
function wrongFiles(): string[] {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '--noEmit', '--pretty', 'false'], {
    cwd: copy,
    encoding: 'utf8',
  });
  const files = stdout.split('\n').flatMap((line) => /^(\S+?)\(\d+,\d+\): error/.exec(line)?.[1] ?? []);
  return [...new Set(files)].sort();
}

/** The table that each reader of exhibits has: where it is, and the toy's line in it. */
const TABLES: readonly (readonly [file: string, behind: string, line: string])[] = [
  ['src/protocol/exhibits-codec.ts', 'const LISTS', 'gauge: [],'],
  [
    'src/report/markdown-exhibits.ts',
    'const MARKDOWN',
    'gauge: ({ name, value, most }) => [["*", name, "*: ", value, " of ", most].join("")],',
  ],
  [
    'src/report/run-page/exhibits.ts',
    'const PAGE',
    'gauge: { section: "fit", draw: ({ name, value, most }) => ["<h2>", name, "</h2>", value, " of ", most].join("") },',
  ],
  [
    'src/report/terminal-exhibits.ts',
    'const TERMINAL',
    'gauge: { rows: ({ name, value, most }) => [{ label: name, text: [value, "of", most].join(" ") }], lines: () => [] },',
  ],
];

describe('a new kind of exhibit', () => {
  it('makes tsc list the tables that lack it, and nothing else', () => {
    expect(wrongFiles()).toEqual([]);
    const toy =
      "  | { readonly kind: 'gauge'; readonly name: string; readonly value: number; readonly most: number }";
    addLine('src/protocol/exhibits.ts', 'export type Exhibit =', toy);
    expect(wrongFiles()).toEqual(TABLES.map(([file]) => file));
  });

  it('is drawn on terminal, page and in Markdown with one line in each', () => {
    for (const table of TABLES) addLine(...table);
    addLine(
      'src/pipeline/exhibits/index.ts',
      'datasetOf(config, data),',
      "    { kind: 'gauge', name: 'fuel', value: data.train.count, most: 1000 },",
    );
    expect(wrongFiles()).toEqual([]);

    execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: copy });
    const [folder, steps] = [scratch(), join(scratch(), 'summary.md')];
    const mlx = (...args: string[]) =>
      execFileSync(process.execPath, [join(copy, 'bin/mlx.js'), ...args], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: steps },
      });
    const drawn = /^ {2}fuel +\d+ of 1000$/m;
    expect(mlx('run', join(copy, 'configs/perceptron.yaml'), '--no-tui')).toMatch(drawn);
    expect(readFileSync(steps, 'utf8')).toMatch(/^\*fuel\*: \d+ of 1000$/m);
    const run = runFolder(join(folder, 'experiments'), 'perceptron');
    expect(readFileSync(join(run, 'report.html'), 'utf8')).toMatch(
      /<section id="fit"><h2>fuel<\/h2>\d+ of 1000<\/section>/,
    );
    expect(mlx('show', run)).toMatch(drawn);
  });
});
