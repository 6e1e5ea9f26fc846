import { describe, expect, it } from 'vitest';
import { exhibitOf } from '../../src/protocol/exhibits.ts';
import { asExhibits, exhibitsFile, resultExhibits } from '../../src/protocol/exhibits-codec.ts';

const shown = { id: '7', truth: 'a', prediction: 'b', loss: 2, pixels: 'AAAA' };
/** `exhibits.json` as mlx 0.1 wrote it for a network on small pictures. */
const first = {
  format: 1,
  data: {
    source: 'idx',
    target: 'label',
    raw: [2, 2],
    shape: [4],
    rows: { train: 5, validation: 0, test: 3 },
    classes: { names: ['a', 'b'], train: [2, 3] },
    features: [{ step: 'normalize: pixel', summary: '' }],
  },
  layers: [{ name: 'dense_1', type: 'dense', shape: [2], parameters: 10 }],
  examples: {
    part: 'test',
    count: 3,
    looked: 3,
    image: { height: 2, width: 2, channels: 1 },
    list: [shown],
  },
  ranked: [
    { name: 'b', positives: 1, roc: [[0, 0]], precision_recall: [[1, 1]], area: 1, average_precision: 1 },
  ],
  reliability: [{ count: 3, confidence: 0.9, accuracy: 1 }],
  filters: { layer: 'conv2d_1', height: 1, width: 2, channels: 1, count: 1, values: [1, 2] },
  maps: {
    layer: 'conv2d_1',
    height: 1,
    width: 1,
    count: 1,
    examples: [{ example: shown, maps: 'AA==', low: 0, high: 1 }],
  },
};
const kinds = (found: unknown) => asExhibits(found)?.map(({ kind }) => kind);

describe('exhibits.json', () => {
  it('is read as it was written', () => {
    const exhibits = [{ kind: 'scatter', plots: [{ name: 'y', points: [[1, 2]] }] }] as const;
    expect(asExhibits(JSON.parse(JSON.stringify(exhibitsFile(exhibits))))).toEqual(exhibits);
  });

  it('keeps kinds that only a later version knows', () => {
    expect(kinds({ format: 2, exhibits: [{ kind: 'hologram' }] })).toEqual(['hologram']);
  });

  it('is read as earlier versions wrote it, with words for what they left to guess', () => {
    expect(kinds(first)).toEqual([
      'examples',
      'ranking',
      'reliability',
      'layers',
      'filters',
      'maps',
      'dataset',
    ]);
    const exhibits = asExhibits(first)!;
    expect(exhibitOf(exhibits, 'examples')).toMatchObject({ answers: 'exact', list: [shown] });
    expect(exhibitOf(exhibits, 'ranking')).toMatchObject({
      noun: 'class',
      each: 'Each class against the rest',
    });
    expect(exhibitOf(exhibits, 'layers')).toMatchObject({ input: [4] });
    expect(exhibitOf(exhibits, 'maps')).toMatchObject({ image: { height: 2 }, deeper: [] });
    expect(exhibitOf(exhibits, 'dataset')!.counts).toEqual({
      noun: 'class',
      names: ['a', 'b'],
      train: [2, 3],
      of: 5,
    });
  });

  it('of labels counts each by the training examples, of numbers has neither answers nor counts', () => {
    const { classes: _, ...data } = first.data;
    const labels = asExhibits({ ...first, data: { ...data, labels: { names: ['x'], train: [4] } } })!;
    expect(exhibitOf(labels, 'dataset')!.counts).toEqual({ noun: 'label', names: ['x'], train: [4], of: 5 });
    expect(exhibitOf(labels, 'ranking')).toMatchObject({ noun: 'label', each: 'Each label' });
    const numbers = asExhibits({ ...first, data, ranked: undefined, fits: [] })!;
    expect(exhibitOf(numbers, 'examples')!.answers).toBe('distance');
    expect(exhibitOf(numbers, 'dataset')!.counts).toBeUndefined();
    expect(exhibitOf(numbers, 'scatter')).toEqual({ kind: 'scatter', plots: [] });
  });

  it.each([
    [null],
    [7],
    [{}],
    [{ format: 3 }],
    [{ format: 2 }],
    [{ format: 2, exhibits: [null] }],
    [{ format: 2, exhibits: [{ kind: 'rates', noun: 'class', rows: 3 }] }],
    [{ format: 1, data: {} }],
  ])('is none: %j', (found) => expect(asExhibits(found)).toBeUndefined());
});

describe('a result', () => {
  const row = { class: 'a', precision: 1, sensitivity: 1, specificity: 1, f1: 1, support: 3 };

  it('shows rates and confusion, and says which examples they are of', () => {
    const confusion = { classes: ['a'], counts: [[3]] };
    expect(resultExhibits({ confusion, per_class: [row] }, 'All folds.')).toEqual([
      { kind: 'rates', noun: 'class', rows: [row] },
      { kind: 'confusion', ...confusion, of: 'All folds.' },
    ]);
    expect(resultExhibits({ per_class: [row] })).toEqual([{ kind: 'rates', noun: 'label', rows: [row] }]);
    expect(resultExhibits({})).toEqual([]);
  });

  it('that somebody spoiled shows nothing of it', () => {
    expect(resultExhibits({ per_class: 3, confusion: 'x' } as never)).toEqual([]);
  });
});
