import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { draftConfig, listTemplates, templateText, writeConfig } from '../../src/data/init/index.ts';
import type { MlxError } from '../../src/errors.ts';
import { prepareExperiment } from '../../src/pipeline/prepare.ts';
import { stages } from '../../src/pipeline/stages.ts';
import { BASELINES_SHARE } from '../../src/train/baselines.ts';
import { mlx, readJson, root, runFolder, scratch } from '../cli/mlx.ts';

vi.setConfig({ testTimeout: 240_000 });

const vega = (name: string) => join(root, 'node_modules/vega-datasets/data', name);
let folder = '';
beforeEach(() => {
  folder = scratch();
});
const put = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const rows = (count: number, row: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => row(i)).join('\n');

/** Drafts a config, and takes it as far as the first step of training: check, data, plan. */
async function draft(data: string, target?: string) {
  const out = join(folder, 'made.yaml');
  const { text, choice } = await draftConfig({ data, target, out });
  writeConfig(out, text, true);
  const loaded = loadConfig(out, { set: [] });
  const { data: prepared } = await prepareExperiment(
    loaded,
    stages(() => {}),
  );
  return { text, choice, config: loaded.config, prepared };
}
const refused = (data: string, target?: string): Promise<MlxError> =>
  draftConfig({ data, target, out: join(folder, 'x.yaml') }).then(
    () => {
      throw new Error('nothing was refused');
    },
    (error) => error,
  );

describe('tables of every kind get a config that passes check and prepares', () => {
  it.each([
    ['penguins.json', undefined, 'classification'],
    ['penguins.json', 'Body Mass (g)', 'regression'],
    ['movies.json', 'IMDB Rating', 'regression'],
    ['movies.json', undefined, 'regression'],
    ['cars.json', 'Miles_per_Gallon', 'regression'],
    ['cars.json', 'Cylinders', 'classification'],
    ['seattle-weather.csv', 'weather', 'classification'],
    ['birdstrikes.csv', undefined, 'regression'],
    ['airports.csv', 'state', 'classification'],
    ['barley.json', 'yield', 'regression'],
  ])('%s, target %s: %s', async (name, target, task) => {
    const { config, prepared } = await draft(vega(name), target);
    expect(config.task).toBe(task);
    expect(prepared.train.count).toBeGreaterThan(prepared.test.count);
  });

  it('tab-separated text', async () => {
    const file = put('a.tsv', `x\tkind\ty\n${rows(60, (i) => `${(i * 7) % 11}\tk${i % 3}\t${i / 2}`)}\n`);
    const { config, text } = await draft(file, 'y');
    expect(config.data.source.type).toBe('csv');
    expect(config.evaluation.baselines).toBe('auto');
    expect(text).toMatch(/^ {2}baselines: auto # .* in an eighth of the run’s time at most/m);
    expect(Math.round(1 / BASELINES_SHARE)).toBe(8);
    expect((await refused(vega('unemployment.tsv'), 'rate')).details.help).toBe(
      'left out: id (counts the rows)',
    );
  });

  it('parquet, and a folder of CSV files', async () => {
    expect(
      (await draft(join(root, 'test/samples/flights-2000.parquet'), 'delay')).config.data.source.type,
    ).toBe('parquet');
    mkdirSync(join(folder, 'parts'));
    for (const part of ['a', 'b']) put(`parts/${part}.csv`, `x,y\n${rows(40, (i) => `${i / 3},${part}`)}\n`);
    const { config } = await draft(join(folder, 'parts'), 'y');
    expect(config.data.source['path']).toMatch(/parts\/\*\.csv$/);
  });
});

describe('choices', () => {
  it('leaves out what names rows, is empty or constant; splits by group or time where the columns say so', async () => {
    const file = put(
      'visits.csv',
      `visit,patient_id,empty,site,age,text,outcome\n${rows(120, (i) => `${i + 1},${1000 + (i % 40)},,A,${20 + ((i * 7) % 50)},t${i}q,${i % 3 ? 'well' : 'ill'}`)}\n`,
    );
    const { choice, config } = await draft(file);
    expect(choice!.target).toBe('outcome');
    expect(choice!.dropped).toEqual([
      { name: 'visit', why: 'counts the rows' },
      { name: 'empty', why: 'empty' },
      { name: 'site', why: 'always the same' },
      { name: 'text', why: 'another value in nearly every row' },
    ]);
    expect(config.data.split).toMatchObject({ type: 'group', column: 'patient_id' });
    const log = put(
      'log.csv',
      `day,x,sold\n${rows(60, (i) => `${new Date(Date.UTC(2024, 0, i + 1)).toISOString().slice(0, 10)},${(i * 7) % 5},${i * 100 + 50_000}`)}\n`,
    );
    const drafted = await draft(log);
    expect(drafted.config.data.split).toMatchObject({ type: 'time', column: 'day' });
    expect(drafted.text).toContain('/ 1000');
  });

  it('a class with two rows stays out; rows without a target are dropped', async () => {
    const file = put(
      'rare.csv',
      `x,y\n${rows(60, (i) => `${i % 7},${i < 2 ? "it's" : i < 5 ? '' : i % 2 ? 'a' : 'b'}`)}\n`,
    );
    const { prepared } = await draft(file, 'y');
    expect(prepared.target).toEqual({ kind: 'class', classes: ['a', 'b'] });
  });
});

describe('silly and hostile input', () => {
  it.each([
    ['empty file', 'a.csv', '', undefined, /has no|empty|no name/],
    ['header alone', 'a.csv', 'x,y\n', undefined, /no rows/],
    [
      'one column',
      'a.csv',
      `y\n${rows(40, (i) => String(i % 2))}\n`,
      undefined,
      /no column to learn `y` from/,
    ],
    [
      'three rows',
      'a.csv',
      'x,y\n1,2\n2,3\n3,5\n',
      undefined,
      /3 rows have a target; a split into parts needs 10/,
    ],
    [
      'all text',
      'a.csv',
      `x,y\n${rows(2000, (i) => `some words of row ${i},other words of row ${i * 7}`)}\n`,
      undefined,
      /no column of the table could be a target/,
    ],
    [
      'a target that is missing',
      'a.csv',
      `length,width,y\n${rows(20, (i) => `${i},2,3`)}\n`,
      'lenght',
      /no column `lenght`/,
    ],
    ['a constant target', 'a.csv', `x,y\n${rows(20, (i) => `${i},3`)}\n`, 'y', /always the same/],
    ['not a table', 'a.png', 'PNG', undefined, /doesn't know what/],
    ['broken JSON', 'a.json', '{"a": 1', undefined, /can't be read as JSON/],
    ['broken parquet', 'a.parquet', 'PAR1 no', undefined, /can't be read as Parquet/],
  ])('%s', async (_, name, text, target, message) => {
    const error = await refused(put(name, text), target);
    expect(error.message).toMatch(message);
    expect([2, 3]).toContain(error.exit);
    expect(error.details.help).toBeTruthy();
  });

  it('a target that is missing is met with the name that was meant', async () => {
    const error = await refused(put('a.csv', `length,y\n${rows(20, (i) => `${i},3`)}\n`), 'lenght');
    expect(error.details.help).toBe('rename it to `length`');
  });

  it('headers with YAML, SQL, quotes and control characters stay names', async () => {
    const names = [
      'a: {b}',
      'x"; DROP TABLE t; --',
      "it's",
      '# no comment',
      '- item',
      'true',
      '*a',
      '&b',
      '$HOME',
      '\u001b[31mred',
      'tab\tbed',
      'ü ñ 名',
      'new\nline',
      'y',
    ];
    const header = names.map((name) => `"${name.replaceAll('"', '""')}"`).join(',');
    const body = rows(60, (i) =>
      names
        .map((_, j) =>
          j === names.length - 1
            ? i % 2
              ? 'p'
              : 'q'
            : j % 3 === 0
              ? `k${i % 4}`
              : String((i * (j + 3)) % 17),
        )
        .join(','),
    );
    const { config, prepared, text } = await draft(put('hostile.csv', `${header}\n${body}\n`), 'y');
    expect(config.data.target).toBe('y');
    expect(prepared.columns!.map(({ name }) => name)).toEqual(names.slice(0, -1));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is the point
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    const other = await draft(join(folder, 'hostile.csv'), 'x"; DROP TABLE t; --');
    expect(other.config.data.target).toBe('x"; DROP TABLE t; --');
  });

  it('hundreds of columns', async () => {
    const wide = put(
      'wide.csv',
      `${rows(300, (i) => `c${i}`).replaceAll('\n', ',')},y\n${rows(30, (i) => `${Array.from({ length: 300 }, (_, j) => (i * j) % 13).join(',')},${i % 2}`)}\n`,
    );
    const { prepared } = await draft(wide);
    expect(prepared.columns!.length).toBeGreaterThan(200);
  });
});

describe('files', () => {
  it('never overwrites without force', () => {
    const file = put('a.yaml', 'mine');
    expect(() => writeConfig(file, 'new', false)).toThrow(/is there already/);
    expect(readFileSync(file, 'utf8')).toBe('mine');
    writeConfig(file, 'new', true);
    expect(readFileSync(file, 'utf8')).toBe('new');
  });

  it('every template is valid where it is copied to', () => {
    for (const { name, help } of listTemplates()) {
      const file = join(folder, `${name}.yaml`);
      writeConfig(file, templateText(name, file), false);
      expect(loadConfig(file, { set: [] }).config.name).toBe(name);
      expect(help.length).toBeGreaterThan(10);
      const path = /path: (\S+?)[,\s}]/.exec(readFileSync(file, 'utf8'))?.[1];
      if (path) expect(existsSync(join(folder, path))).toBe(true);
    }
  });

  it('mlx init writes here, says what it chose, and what it wrote trains', async () => {
    const made = await mlx(['init', vega('cars.json'), '--target', 'Origin'], { cwd: folder });
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toContain('✓ wrote cars.yaml\n  target   Origin (classification: 3 classes)');
    expect((await mlx(['check', 'cars.yaml'], { cwd: folder })).code).toBe(0);
    const ran = await mlx(['run', 'cars.yaml'], { cwd: folder });
    expect(ran.code).toBe(0);
    const result = readJson(runFolder(join(folder, 'experiments'), 'cars'), 'result.json');
    // USA is 0.63 of the cars.
    expect(result.metrics.test.accuracy.value).toBeGreaterThan(0.7);
    const again = await mlx(['init', vega('cars.json')], { cwd: folder });
    expect(again.code).toBe(3);
    expect(again.stderr).toContain('error[file-exists]: cars.yaml is there already');
    expect((await mlx(['init'], { cwd: folder })).code).toBe(2);
  });
});
