import { describe, expect, it } from 'vitest';
import { transforms } from '../../src/catalog/transforms/index.ts';
import { bagOfWords } from '../../src/catalog/transforms/vectorize/bag-of-words.ts';
import type { Config } from '../../src/config/config.ts';
import { emitTransforms, modelInputs, modelWidth, prepareRows } from '../../src/data/index.ts';
import { evaluateGraph } from '../../src/engines/reference/index.ts';
import { GraphBuilder } from '../../src/graph/index.ts';
import { failure } from '../readers/helpers.ts';
import { read, request } from '../readers/table/helpers.ts';

const ADJECTIVES = ['good', 'bad', 'fine', 'poor'];
const lines = (test: readonly string[]) => [
  ...Array.from({ length: 24 }, (_, i) => {
    const word = ADJECTIVES[i % 4];
    return `${i},"a ${word} film, number ${i}, ${word} indeed",${i % 3},train,${i % 2 ? 'n' : 'p'}`;
  }),
  ...test.map((text, i) => `${i},${text},1,test,${i % 2 ? 'n' : 'p'}`),
];
const TEST = ['"good good film"', '', '"nothing known 7"'];
const step = (kind: string, type: string, fields: object = {}) => ({
  kind,
  type,
  columns: null,
  ...(transforms.get(kind)!.get(type)!.schema.parse(fields) as object),
});
async function prepared(features: object[], test: readonly string[] = TEST) {
  const split = {
    type: 'fixed',
    column: 'part',
    train: null,
    validation: 0,
    test: null,
    stratify: false,
    subsample: 1,
    score_test: true,
  };
  const config = {
    seed: 3,
    task: 'classification',
    data: { features, split, audit: {} },
  } as unknown as Config;
  const raw = await read(`a,review,b,part,y\n${lines(test).join('\n')}\n`, {
    table: request({ key: { use: 'fixed', column: 'part' }, columns: { review: 'text' } }),
  });
  return { raw, data: prepareRows(config, raw) };
}
const CHAIN = [
  step('normalize', 'standard'),
  step('vectorize', 'tf_idf', { min_df: 2 }),
  step('normalize', 'max_abs'),
];

describe('text columns', () => {
  it('become columns of words, named after them', async () => {
    const { data } = await prepared(CHAIN);
    const names = data.features!.map(({ name }) => name);
    expect(names[0]).toBe('a');
    expect(names.at(-1)).toBe('b');
    expect(names.slice(1, -1)).toEqual(
      ['bad', 'film', 'fine', 'good', 'indeed', 'number', 'poor'].map((w) => `review:${w}`),
    );
    expect(data.transforms[1]!.fitted.summary).toBe('7 words over 24 training rows');
  });

  it('the exported graph takes the counts of words in place of the text', async () => {
    const { raw, data } = await prepared(CHAIN);
    const inputs = modelInputs(data.columns!, data.transforms);
    expect(inputs.map(({ name, words }) => [name, words?.length])).toEqual([
      ['a', undefined],
      ['review', 7],
      ['b', undefined],
    ]);
    expect(modelWidth(inputs)).toBe(9);
    expect(JSON.stringify(inputs)).not.toContain('nothing known'); // no text of the data goes along
    const { rows } = data.test;
    const text = data.transforms[1]!.fitted;
    const x = Array.from(rows).flatMap((row) => {
      const [a, code, b] = raw.x.subarray(row * 3, row * 3 + 3) as unknown as [number, number, number];
      const texts = [raw.columns![1]!.levels!];
      return [a, ...bagOfWords.apply(text, Float64Array.of(code), 1, { texts }), b];
    });
    const g = new GraphBuilder();
    g.output('out', emitTransforms(g, g.input('x', [rows.length, 9]), data.transforms, data.columns));
    const found = evaluateGraph(g.finish(), { x })['out']!;
    const expected = new Float32Array(rows.length * 9);
    data.test.fill('x', expected, Uint32Array.of(0, 1, 2), 0, 3);
    expected.forEach((value, i) => {
      expect(Math.abs(found[i]! - value), `value ${i}`).toBeLessThan(1e-6);
    });
    // An empty text and one of unknown words: zeros, no NaN.
    expect([...expected.subarray(10, 17), ...expected.subarray(19, 26)]).toEqual(new Array(14).fill(0));
  });

  it('nothing that is fitted depends on a test text', async () => {
    const facts = async (test: readonly string[]) => {
      const { data } = await prepared(CHAIN, test);
      return JSON.stringify(data.transforms.map(({ fitted, layout }) => [fitted, layout]));
    };
    expect(await facts(['"bad bad"', 'zzz', '"good zzz"', '"film film film"'])).toBe(await facts(TEST));
  });

  it('left as they are they are told', async () => {
    const error = await failure(() => prepared([]));
    expect(error).toMatchObject({ code: 'not-numeric' });
    expect(error.message).toMatch(/^`review`: text, \d+ different values/);
    expect(error.details.help).toContain('- vectorize: tf_idf');
  });

  it('nothing but stop words, rare ones or blanks', async () => {
    const error = await failure(() => prepared([step('vectorize', 'bag_of_words', { min_df: 25 })]));
    expect(error).toMatchObject({
      code: 'no-words',
      details: { path: ['data', 'features', 0, 'vectorize', 'min_df'] },
    });
  });
});
