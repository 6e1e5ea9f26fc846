import { describe, expect, it } from 'vitest';
import { layers } from '../../src/catalog/layers/index.ts';
import { nameLayers } from '../../src/catalog/layers/names.ts';
import { oneField, traceLayers } from '../../src/catalog/layers/trace.ts';
import { initChoice, regularizer } from '../../src/catalog/layers/weights.ts';

type Written = readonly [type: string, fields?: object];

/** Layers as config validates them. */
const chain = (...written: Written[]) =>
  written.map(([type, fields = {}]) => {
    const { name, ...own } = fields as { name?: string };
    return { type, ...layers.get(type)!.schema.parse(own), ...(name === undefined ? {} : { name }) };
  });

const problem = (input: readonly number[], ...written: Written[]) => {
  const { steps, problem } = traceLayers(chain(...written), oneField(input));
  expect(problem?.index).toBe(steps.length);
  return problem!.misfit;
};

describe('traceLayers', () => {
  it('follows the shapes and counts the parameters of the MNIST example', () => {
    // Keras' summary of its mnist_convnet example, wider: 320, 18,496, 0, 0, 0, 1,179,776, 0, 1,290.
    const { steps, problem } = traceLayers(
      chain(
        ['conv2d', { filters: 32, kernel_size: 3, activation: 'relu' }],
        ['conv2d', { filters: 64, kernel_size: [3, 3] }],
        ['max_pooling2d'],
        ['dropout', { rate: 0.25 }],
        ['flatten'],
        ['dense', { units: 128 }],
        ['dropout', { rate: 0.5, name: 'forget' }],
        ['dense', { units: 10 }],
      ),
      oneField([28, 28, 1]),
    );
    expect(problem).toBeUndefined();
    expect(steps.map(({ name, shape, parameters }) => [name, shape, parameters])).toEqual([
      ['conv2d_1', [26, 26, 32], 320],
      ['conv2d_2', [24, 24, 64], 18_496],
      ['max_pooling2d_1', [12, 12, 64], 0],
      ['dropout_1', [12, 12, 64], 0],
      ['flatten_1', [9216], 0],
      ['dense_1', [128], 1_179_776],
      ['forget', [128], 0],
      ['dense_2', [10], 1290],
    ]);
  });

  it('counts batch normalization as two trainable numbers a channel', () => {
    const { steps } = traceLayers(chain(['batch_normalization']), oneField([4, 4, 3]));
    expect(steps[0]).toMatchObject({ shape: [4, 4, 3], parameters: 6 });
  });

  it.each([
    // size, stride, output: ceil(size / stride) by TensorFlow's documentation of "same"
    [28, 1, 28],
    [28, 2, 14],
    [5, 2, 3],
    [7, 3, 3],
  ])('same padding of %i pixels with stride %i gives %i', (size, strides, expected) => {
    const fields = { strides, padding: 'same' };
    const { steps } = traceLayers(
      chain(['conv2d', { ...fields, filters: 1, kernel_size: 3 }]),
      oneField([size, size, 1]),
    );
    expect(steps[0]!.shape).toEqual([expected, expected, 1]);
    const pooled = traceLayers(
      chain(['max_pooling2d', { ...fields, pool_size: 3 }]),
      oneField([size, size, 1]),
    );
    expect(pooled.steps[0]!.shape).toEqual([expected, expected, 1]);
  });

  it('stops at the first misfit and keeps what came before', () => {
    const { steps, problem } = traceLayers(
      chain(['flatten'], ['conv2d', { filters: 1, kernel_size: 3 }], ['dense', { units: 1 }]),
      oneField([28, 28, 1]),
    );
    expect(steps.map((s) => s.name)).toEqual(['flatten_1']);
    expect(problem?.index).toBe(1);
  });
});

describe('misfits', () => {
  it('conv2d after flatten', () => {
    const misfit = problem([784], ['conv2d', { filters: 32, kernel_size: 3 }]);
    expect(misfit.code).toBe('shape');
    expect(misfit.message).toBe('conv2d needs (height, width, channels) but gets (784)');
    expect(misfit.help).toBe('move `flatten` below `conv2d`, or put `reshape` before it');
  });

  it('an image without channels', () => {
    expect(problem([28, 28], ['max_pooling2d']).help).toBe(
      'put `reshape: { target_shape: [28, 28, 1] }` before it',
    );
  });

  it('dense on an image', () => {
    const misfit = problem([12, 12, 64], ['dense', { units: 10 }]);
    expect(misfit.message).toBe('dense needs a flat input but gets (12, 12, 64)');
    expect(misfit.help).toBe('put `flatten` before it');
  });

  it('a kernel larger than its input', () => {
    const misfit = problem([3, 3, 1], ['conv2d', { filters: 1, kernel_size: 5 }]);
    expect(misfit.message).toBe('kernel 5x5 is larger than its input 3x3');
    expect(misfit.field).toBe('kernel_size');
  });

  it('a kernel larger than its input by dilation', () => {
    const misfit = problem([4, 9, 1], ['conv2d', { filters: 1, kernel_size: 3, dilation_rate: [2, 1] }]);
    expect(misfit.message).toBe('kernel 3x3, 5x3 with its dilation, is larger than its input 4x9');
    expect(problem([3, 3, 1], ['average_pooling2d', { pool_size: [4, 1] }])).toMatchObject({
      message: 'pool 4x1 is larger than its input 3x3',
      field: 'pool_size',
    });
  });

  it('reshapes that lose or invent values', () => {
    const reshape = (target_shape: number[]) => problem([6], ['reshape', { target_shape }]).message;
    expect(reshape([2, 2])).toBe("can't reshape (6) to (2, 2): 6 values, not 4");
    expect(reshape([4, -1])).toBe("can't reshape (6) to (4, -1): 4 doesn't divide 6");
    expect(reshape([-1, -1])).toBe('(-1, -1) has 2 axes of -1; only one can be left open');
  });

  it('two layers of one name', () => {
    const written: Written[] = [
      ['flatten', { name: 'dense_1' }],
      ['dense', { units: 1 }],
    ];
    expect(problem([2], ...written).message).toBe('two layers are called `dense_1`');
    expect(nameLayers(chain(...written)).duplicate).toBe(1);
  });
});

describe('names', () => {
  it('count by type; naming one layer renames no other', () => {
    const { names } = nameLayers([
      { type: 'dense' },
      { type: 'dense', name: 'middle' },
      { type: 'dropout' },
      { type: 'dense' },
    ]);
    expect(names).toEqual(['dense_1', 'middle', 'dropout_1', 'dense_3']);
  });
});

describe('choices of initializers and regularizers', () => {
  it('fills in defaults', () => {
    expect(initChoice('glorot_uniform')).toEqual({ type: 'glorot_uniform', params: {} });
    expect(initChoice('random_normal')).toEqual({ type: 'random_normal', params: { mean: 0, stddev: 0.05 } });
    const { kernel_initializer } = layers
      .get('dense')!
      .schema.parse({ units: 1, kernel_initializer: { type: 'constant', value: 2 } });
    expect(initChoice(kernel_initializer)).toEqual({ type: 'constant', params: { value: 2 } });
  });

  it("reads Keras' regularizers", () => {
    expect(regularizer(null)).toBeUndefined();
    expect(regularizer('l2')).toEqual({ l1: 0, l2: 0.01 });
    expect(regularizer('l1')).toEqual({ l1: 0.01, l2: 0 });
    const parse = (kernel_regularizer: unknown) =>
      regularizer(layers.get('dense')!.schema.parse({ units: 1, kernel_regularizer }).kernel_regularizer);
    expect(parse({ type: 'l2', l2: 0.5 })).toEqual({ l1: 0, l2: 0.5 });
    expect(parse({ type: 'l1_l2', l1: 0.1 })).toEqual({ l1: 0.1, l2: 0 });
  });
});
