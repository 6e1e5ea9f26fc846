import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCsv } from '../../src/record/csv.ts';
import type { GroupResult } from '../../src/study/groups/result.ts';
import { config, lines, mlx, readJson, scratch } from './mlx.ts';

const experiments = scratch();
const at = ['--experiments', experiments];
const penguins = (name: string, split: string, ...more: string[]) => [
  ...['run', config('penguins.yaml'), ...at, '--set', `name=${name}`, '--set', `data.split=${split}`],
  ...['--set', 'training.epochs=4', '--set', 'evaluation.baselines=none', ...more],
];
function groupOf(name: string): { group: string; runs: string[] } {
  const ids = readdirSync(join(experiments, name)).sort();
  const id = ids.find((each) => existsSync(join(experiments, name, each, 'group.json')))!;
  const runs = ids.filter((each) => each.startsWith(`${id}-`));
  return { group: join(experiments, name, id), runs: runs.map((each) => join(experiments, name, each)) };
}

describe('split: { type: k_fold }', () => {
  let group = '';
  let runs: string[] = [];
  let text = '';
  beforeAll(async () => {
    const ended = await mlx(
      penguins(
        'folds',
        '{ type: k_fold, folds: 3, test: 0.2, validation: 0.1 }',
        '--set',
        'expect=["test.accuracy > 0.5"]',
      ),
    );
    expect(ended.code).toBe(0);
    text = ended.stdout;
    ({ group, runs } = groupOf('folds'));
  }, 300_000);

  it('tests each fold once, then the part that was set aside', () => {
    const result: GroupResult = readJson(group, 'result.json');
    expect(runs.map((run) => run.split('-').at(-1))).toEqual(['1', '2', '3', 'final']);
    expect(result).toMatchObject({ kind: 'k_fold', status: 'completed', completed: 3, runs: 3 });
    const values = runs.map((run) => readJson(run, 'result.json').metrics.test.accuracy.value as number);
    const { value, values: shown } = result.metrics.test!['accuracy']!;
    expect(shown).toEqual(values.slice(0, 3));
    expect(result.final?.metrics?.test?.['accuracy']?.value).toBe(values[3]);
    expect(result.expectations).toMatchObject([{ passed: true, found: value }]);
    expect(text).toMatch(/set aside +test\.loss/);
    expect(text).toMatch(/brackets +95% for the 3 fitted models on new examples, from \d+ out-of-fold pred/);
    expect(readFileSync(join(group, 'report.html'), 'utf8')).toContain('All folds together');
  });

  it('tells what all folds’ predictions together are worth, as the table has them', () => {
    const result: GroupResult = readJson(group, 'result.json');
    const [head, ...rows] = parseCsv(readFileSync(join(group, 'predictions.csv'), 'utf8'));
    const right = rows.filter(([, truth, prediction]) => truth === prediction).length;
    const losses = rows.map((row) => Number(row[head!.indexOf('loss')]));
    const { accuracy, loss } = result.metrics.test!;
    expect(result.interval).toMatchObject({ method: 'out_of_fold', examples: rows.length });
    expect(accuracy!.value).toBe(right / rows.length);
    expect(loss!.value).toBeCloseTo(losses.reduce((a, b) => a + b) / rows.length, 9);
    expect(result.confusion!.counts.flat().reduce((a, b) => a + b)).toBe(rows.length);
    expect(result.per_class!.reduce((sum, { support }) => sum + support, 0)).toBe(rows.length);
    for (const { value, interval } of Object.values(result.metrics.test!)) {
      expect(interval![0]).toBeLessThan(value!);
      expect(interval![1]).toBeGreaterThan(value!);
    }
    // The rows that a fold trained on are tested in the others: their means have no interval.
    for (const found of Object.values(result.metrics.validation!)) expect(found.interval).toBeUndefined();
  });

  it('gathers what was said of rows out of their fold, by their numbers in the source', () => {
    const [head, ...rows] = parseCsv(readFileSync(join(group, 'predictions.csv'), 'utf8'));
    expect(head).toEqual([
      'id',
      'truth',
      'prediction',
      'score_Adelie',
      'score_Chinstrap',
      'score_Gentoo',
      'loss',
      'fold',
    ]);
    const ids = rows.map(([id]) => Number(id));
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    const apart = parseCsv(readFileSync(join(runs[3]!, 'predictions.csv'), 'utf8'))
      .slice(1)
      .map(([id]) => Number(id));
    const all = [...ids, ...apart];
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBe(344);
    const source = readFileSync(config('../data/penguins/penguins.csv'), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1);
    for (const [id, truth] of rows) expect(source[Number(id)]).toContain(truth);
    const right = [1, 2, 3].map((fold) => {
      const own = rows.filter((row) => row.at(-1) === `fold ${fold}`);
      return own.filter((row) => row[1] === row[2]).length / own.length;
    });
    const { values } = (readJson(group, 'result.json') as GroupResult).metrics.test!['accuracy']!;
    right.forEach((share, i) => {
      expect(share).toBeCloseTo(values[i]!, 12);
    });
  });

  it('asks whether something simpler would have done, fold by fold', async () => {
    const args = penguins('simple', '{ type: k_fold, folds: 3 }', '--set', 'expect=[]', '--json');
    const ended = await mlx([
      ...args,
      '--set',
      'evaluation.baselines=[majority, knn]',
      '--set',
      'training.epochs=30',
    ]);
    expect(ended.code).toBe(0);
    const { baselines } = lines(ended.stdout).at(-1).result as GroupResult;
    expect(baselines!.models.map(({ name }) => name)).toEqual(['knn', 'majority']);
    const [knn, majority] = baselines!.models;
    expect(majority!.p).toBeLessThan(0.05);
    const network: number[] = lines(ended.stdout).at(-1).result.metrics.test.accuracy.values;
    const mean = network.reduce((a, b) => a + b) / network.length;
    expect(knn!.value! + knn!.difference.value!).toBeCloseTo(mean, 9);
    expect(baselines!.text).toMatch(/^knn 0\.9\d+ on average: /);
  });

  it('one fold alone is the run that it is among all', async () => {
    const split = '{ type: k_fold, folds: 3, test: 0.2, validation: 0.1, fold: 2 }';
    expect((await mlx(penguins('alone', split, '--set', 'expect=[]'))).code).toBe(0);
    const [id] = readdirSync(join(experiments, 'alone'));
    const bits = (run: string) =>
      ['model.onnx', 'predictions.csv'].map((file) => readFileSync(join(run, file), 'latin1'));
    expect(bits(join(experiments, 'alone', id!))).toEqual(bits(runs[1]!));
  });

  it('two configs are compared fold by fold', async () => {
    const split = '{ type: k_fold, folds: 3, test: 0.2, validation: 0.1 }';
    const ended = await mlx(
      penguins('worse', split, '--set', 'optimizer.learning_rate=0.00001', '--set', 'expect=[]'),
    );
    expect(ended.code).toBe(0);
    const other = groupOf('worse').group;
    const found = JSON.parse((await mlx(['compare', group, other, '--json', ...at])).stdout);
    expect(found.verdicts).toMatchObject([{ group: 'B', test: 'McNemar', verdict: 'worse' }]);
    const [loss] = found.against[0].metrics;
    expect(loss).toMatchObject({ name: 'test.loss', test: 'paired jackknife' });
    expect(loss.interval[0]).toBeLessThan(loss.difference);
    await mlx(
      penguins('elsewhere', '{ type: k_fold, folds: 3 }', '--set', 'data.seed=9', '--set', 'expect=[]'),
    );
    const refused = await mlx(['compare', group, groupOf('elsewhere').group, ...at]);
    expect(refused.stdout).toMatch(/refused: their test examples differ/);
  });

  it('with seeds, each seed draws folds of its own', async () => {
    const ended = await mlx(
      penguins('repeated', '{ type: k_fold, folds: 2 }', '--set', 'seeds=2', '--set', 'expect=[]', '--json'),
    );
    expect(ended.code).toBe(0);
    const { result } = lines(ended.stdout).at(-1);
    expect(result.members.map((m: { label: string }) => m.label)).toEqual([
      ...['seed 42, fold 1', 'seed 42, fold 2', 'seed 43, fold 1', 'seed 43, fold 2'],
    ]);
    const tested = groupOf('repeated').runs.map((run) => readJson(run, 'lock.json').data.splits.test.sha256);
    expect(new Set(tested).size).toBe(4);
    // Each row was predicted twice, which is not two rows.
    expect(result.interval).toMatchObject({ method: 'out_of_fold', examples: 688, clusters: 344 });
  });

  it.each<[string, string, number, RegExp]>([
    [
      'fewer than two folds',
      '{ type: k_fold, folds: 1 }',
      2,
      /`folds` of split: expected a whole number from 2/,
    ],
    ['a fold that is none', '{ type: k_fold, folds: 3, fold: 4 }', 2, /there is no fold 4 of 3/],
    ['folds of a random split', '{ folds: 3 }', 2, /`folds` has no meaning in a random split/],
    ['a training share', '{ type: k_fold, train: 0.7 }', 2, /`train` has no meaning in k folds/],
    ['nothing left', '{ type: k_fold, test: 1 }', 2, /leaves nothing for the folds/],
    [
      'more folds than rows of a class',
      '{ type: k_fold, folds: 100 }',
      3,
      /class Chinstrap has 68 examples; 100 stratified folds need 100/,
    ],
    [
      'more folds than groups',
      '{ type: k_fold, column: island }',
      3,
      /there are 3 groups of `island`; 5 folds need 5/,
    ],
    ['a column that is none', '{ type: k_fold, column: iland }', 2, /iland/],
  ])('%s: an error before anything is trained', async (_, split, code, message) => {
    const ended = await mlx(penguins('wrong', split, '--set', 'expect=[]'));
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
    expect(ended.code).toBe(code);
    expect(existsSync(join(experiments, 'wrong'))).toBe(false);
  });
});
