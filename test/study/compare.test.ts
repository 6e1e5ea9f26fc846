import { describe, expect, it } from 'vitest';
import type { Result } from '../../src/protocol/result.ts';
import { comparisonLines } from '../../src/report/comparison.ts';
import { comparisonMarkdown } from '../../src/report/comparison-markdown.ts';
import { comparisonPage } from '../../src/report/comparison-page/index.ts';
import { compareRuns } from '../../src/study/compare.ts';
import { epochLine, makeRun, result, scratch, startedLine } from './folders.ts';

const CLASSES = ['cat', 'dog'];
/** Truth alternates; `right(i)` says whether example i is predicted right. */
const predictions = (count: number, right: (i: number) => boolean, classes = CLASSES) =>
  [
    `id,truth,prediction,score_${classes[0]},score_${classes[1]}`,
    ...Array.from({ length: count }, (_, i) => {
      const truth = i % 2;
      const said = right(i) ? truth : 1 - truth;
      return `${i},${classes[truth]},${classes[said]},${1 - said},${said}`;
    }),
    '',
  ].join('\n');
const confusion = (classes = CLASSES): Partial<Result> => ({
  confusion: {
    classes,
    counts: [
      [1, 0],
      [0, 1],
    ],
  },
  per_class: classes.map((name, i) => ({
    class: name,
    precision: 1,
    sensitivity: 1,
    specificity: 1,
    f1: 0.5 + i / 10,
    support: 1,
  })),
});
const lock = (sha256 = 'aa') =>
  JSON.stringify({
    data: { files: [{ name: 'x.csv', bytes: 1, sha256 }], splits: { test: { count: 1, sha256: 'bb' } } },
    versions: { mlx: '1' },
  });

interface Made {
  readonly right: (i: number) => boolean;
  readonly count?: number;
  readonly rate?: number;
  readonly sha256?: string;
}
function run(root: string, id: string, { right, count = 400, rate = 0.1, sha256 }: Made): string {
  const accuracy = Array.from({ length: count }, (_, i) => right(i)).filter(Boolean).length / count;
  makeRun(root, 'pets', id, {
    'config.resolved.yaml': `name: pets\noptimizer: { type: adam, learning_rate: ${rate} }\nexpect: []\n`,
    'result.json': JSON.stringify(result(accuracy, confusion())),
    'predictions.csv': predictions(count, right),
    'lock.json': lock(sha256),
    'events.ndjson': startedLine('2026-01-01T00:00:00.000Z') + epochLine(1) + epochLine(2),
  });
  return id;
}
const every = (n: number) => (i: number) => i % n !== 0;

describe('compareRuns', () => {
  it.each([
    ['better', every(5), every(20)],
    ['worse', every(20), every(5)],
    ['no difference shown', every(20), (i: number) => i % 20 !== 1],
    ['no difference shown', every(20), every(20)],
  ] as const)('says %s', async (verdict, first, second) => {
    const root = scratch();
    const names = [run(root, 'a', { right: first }), run(root, 'b', { right: second, rate: 0.2 })];
    const c = await compareRuns(root, names);
    expect(c.verdicts).toMatchObject([{ run: 'B', verdict, metric: 'accuracy', test: 'McNemar' }]);
    expect(c.config).toEqual([{ path: 'optimizer.learning_rate', values: ['0.1', '0.2'] }]);
    expect(c.same_config).toBe(3);
    expect(c.data).toEqual([]);
    expect(comparisonLines(c, 'braille').at(-1)).toContain(verdict);
  });

  it('counts flips with their ids, and McNemar’s exact p', async () => {
    const root = scratch();
    // 6 fixed, 1 broken: 2 · (C(7,0) + C(7,1)) / 2^7 = 0.125.
    const names = [run(root, 'a', { right: (i) => i >= 6 }), run(root, 'b', { right: (i) => i !== 399 })];
    const { against, verdicts } = await compareRuns(root, names);
    expect(against[0]).toMatchObject({
      examples: 400,
      flips: {
        fixed: [0, 1, 2, 3, 4, 5].map((i) => ({ id: String(i), truth: CLASSES[i % 2], is: CLASSES[i % 2] })),
        broken: [{ id: '399', truth: 'dog', was: 'dog', is: 'cat' }],
      },
    });
    expect(verdicts[0]!.p).toBeCloseTo(0.125, 12);
    expect(verdicts[0]!.verdict).toBe('no difference shown');
  });

  it.each([
    ['fewer examples', { count: 300 }, /test sets differ: 400 and 300 examples/],
    ['other data files', { sha256: 'cc' }, /data files differ/],
  ] as const)('refuses a verdict on %s', async (_, other, reason) => {
    const root = scratch();
    const names = [run(root, 'a', { right: every(5) }), run(root, 'b', { right: every(50), ...other })];
    const c = await compareRuns(root, names);
    expect(c.verdicts).toEqual([{ run: 'B', verdict: 'refused', reason: expect.stringMatching(reason) }]);
    expect(comparisonMarkdown(c)).toContain('⚠️ B: refused');
  });

  it('refuses a verdict without predictions, or on other ids', async () => {
    const root = scratch();
    const names = [run(root, 'a', { right: every(5) }), run(root, 'b', { right: every(50) })];
    makeRun(root, 'pets', 'b', { 'predictions.csv': predictions(400, every(50)).replaceAll('\n3', '\nx3') });
    expect((await compareRuns(root, names)).verdicts[0]!.reason).toMatch(/\d+ of 400 ids are in both/);
    makeRun(root, 'pets', 'b', { 'predictions.csv': 'id,truth\n1' });
    expect((await compareRuns(root, names)).verdicts[0]!.reason).toContain('damaged');
    makeRun(root, 'pets', 'c', { 'result.json': '{' });
    const c = await compareRuns(root, ['a', 'c']);
    expect(c.verdicts[0]!.reason).toContain('C: it has no predictions.csv'.replace('C', 'B'));
    expect(comparisonLines(c, 'ascii').join('\n')).toContain('(damaged)');
  });

  it('corrects for many comparisons', async () => {
    const root = scratch();
    const names = [run(root, 'base', { right: every(20) })];
    // 9 fixed and 1 broken: p = 0.0215 alone; against ten such runs it is no evidence.
    const right = (i: number) => (i === 1 ? false : every(20)(i) || i < 180);
    names.push(run(root, 'one', { right }));
    expect((await compareRuns(root, names)).verdicts[0]).toMatchObject({ verdict: 'better' });
    for (let i = 0; i < 9; i++) names.push(run(root, `r${i}`, { right }));
    const c = await compareRuns(root, names);
    expect(c.verdicts).toHaveLength(10);
    for (const { verdict, p } of c.verdicts) {
      expect(verdict).toBe('no difference shown');
      expect(p).toBeGreaterThan(0.2);
    }
    expect(comparisonLines(c, 'braille').join('\n')).toContain('Holm');
  });

  it('compares regressions by the paired bootstrap', async () => {
    const root = scratch();
    for (const [id, noise] of [
      ['a', 0.5],
      ['b', 0.1],
    ] as const)
      makeRun(root, 'line', id, {
        'result.json': JSON.stringify(
          result(0, { metrics: { test: { mean_absolute_error: { value: noise } } } }),
        ),
        'predictions.csv': [
          'id,truth,prediction',
          ...Array.from({ length: 100 }, (_, i) => `${i},${i},${i + noise * Math.sin(i)}`),
          '',
        ].join('\n'),
      });
    const { verdicts, against } = await compareRuns(root, ['a', 'b']);
    expect(verdicts).toMatchObject([
      { verdict: 'better', metric: 'mean_absolute_error', test: 'paired bootstrap' },
    ]);
    expect(against[0]).not.toHaveProperty('flips');
  });

  it('shows hostile names as text, and stays below the limit of a comment', async () => {
    const root = scratch();
    const evil = '<img src=x onerror=alert(1)>|\u001b[2J@everyone`-->';
    const classes = [evil, 'dog'];
    const names = Array.from({ length: 30 }, (_, k) => {
      const id = `r${k}`;
      makeRun(root, evil.replaceAll('/', ''), id, {
        'config.resolved.yaml': Array.from(
          { length: 60 },
          (_, i) => `"${'k'.repeat(50)}${i}": "${'</details>'.repeat(30)}${k}"\n`,
        ).join(''),
        'result.json': JSON.stringify(result(0.5, confusion(classes))),
        'predictions.csv': predictions(40, every(k + 2), classes).replaceAll('score_<', 'score_<'),
      });
      return id;
    });
    const c = await compareRuns(root, names);
    const text = comparisonLines(c, 'braille').join('\n');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    const markdown = comparisonMarkdown(c);
    expect(markdown.length).toBeLessThan(65_536);
    expect(markdown.startsWith('<!-- mlx-compare -->\n')).toBe(true);
    expect(markdown.replaceAll(/<\/?(details|summary)>/g, '').slice(21)).not.toMatch(/<|@|-->/);
    expect(markdown.match(/<details>/g)?.length).toBe(markdown.match(/<\/details>/g)?.length);
  });

  it('shows an inserted layer as inserted, and nothing behind it', async () => {
    const root = scratch();
    for (const [id, more] of [
      ['a', ''],
      ['b', '  - dropout: { rate: 0.5 }\n'],
    ] as const)
      makeRun(root, 'pets', id, {
        'config.resolved.yaml': `architecture:\n  - flatten: {}\n${more}  - dense: { units: 2 }\n`,
      });
    const c = await compareRuns(root, ['a', 'b']);
    expect(c.config).toMatchObject([{ path: 'architecture[1].dropout', change: 'inserted' }]);
    const row = /\+ architecture\[1\]\.dropout +- +\{ rate: 0\.5 \}/;
    expect(comparisonLines(c, 'ascii').join('\n')).toMatch(row);
    expect(comparisonMarkdown(c)).toContain('| + architecture&#91;1&#93;.dropout | - | { rate: 0.5 } |');
    expect(comparisonPage(c, [])).toContain('<td>+ architecture[1].dropout</td>');
  });

  it('draws the loss, and the metric that the runs monitor', async () => {
    const root = scratch();
    const log = (monitor: string, ...names: string[]) =>
      [
        JSON.stringify({ ...JSON.parse(startedLine('2026-01-01T00:00:00.000Z')), monitor }),
        ...[1, 2, 3].map((epoch) =>
          JSON.stringify({
            ...JSON.parse(epochLine(epoch)),
            metrics: Object.fromEntries(names.map((name, i) => [name, (epoch + i) / 10])),
          }),
        ),
        '',
      ].join('\n');
    const all = ['loss', 'val_loss', 'accuracy', 'val_accuracy', 'val_f1'];
    const logs = {
      f1: log('val_f1', ...all),
      alike: log('val_f1', ...all),
      usual: log('val_loss', ...all),
      poor: log('loss', 'loss', 'accuracy'),
      alone: log('loss', 'loss'),
      none: '',
    };
    for (const [id, text] of Object.entries(logs)) makeRun(root, 'pets', id, { 'events.ndjson': text });
    const monitored = async (...ids: string[]) =>
      (await compareRuns(root, ids)).monitored.map(({ run, metric }) => `${run} ${metric}`);
    expect(await monitored('f1', 'alike')).toEqual(['A val_f1', 'B val_f1']);
    expect(await monitored('f1', 'usual')).toEqual(['A val_accuracy', 'B val_accuracy']);
    expect(await monitored('usual', 'poor')).toEqual(['A accuracy', 'B accuracy']);
    expect(await monitored('usual', 'none', 'f1')).toEqual(['A val_accuracy', 'C val_accuracy']);
    expect(await monitored('usual', 'alone')).toEqual([]);
    expect(await monitored('none', 'none')).toEqual([]);
    const c = await compareRuns(root, ['f1', 'alike']);
    expect(c.monitored[0]).toMatchObject({
      points: [
        [1, 0.5],
        [2, 0.6],
        [3, 0.7],
      ],
    });
    const text = comparisonLines(c, 'ascii').join('\n');
    expect(text).toContain('val_loss, log, by epoch');
    expect(text).toContain('val_f1, by epoch');
    expect(comparisonPage(c, []).match(/<figure class="wider">/g)).toHaveLength(2);
  });

  it('wants two runs that there are', async () => {
    const root = scratch();
    run(root, 'a', { right: every(5) });
    await expect(compareRuns(root, ['a'])).rejects.toMatchObject({ code: 'usage', exit: 2 });
    await expect(compareRuns(root, ['a', 'zz'])).rejects.toMatchObject({ code: 'unknown-run', exit: 2 });
  });
});
