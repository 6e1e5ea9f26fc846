import { describe, expect, it } from 'vitest';
import { Misfit } from '../../src/base/misfit.ts';
import { losses } from '../../src/catalog/losses/index.ts';
import { fitOutput, tasks } from '../../src/catalog/tasks/index.ts';
import { evaluateGraph } from '../../src/engines/reference/interpret.ts';
import { differentiate, GraphBuilder } from '../../src/graph/index.ts';
import type { TargetShape } from '../../src/protocol/target.ts';
import { EXACT, expectClose, FLOAT32, torch } from './torch.ts';

const classes = (count: number): TargetShape => ({
  kind: 'class',
  classes: Array.from({ length: count }, (_, i) => `${i}`),
});
/** The task with such a target, whose units are those that it asks for. */
const taskWith = (target: TargetShape) =>
  [...tasks.values()].find((task) => task.target.kind === target.kind)!;
const unitsOf = (loss: string, target: TargetShape) => taskWith(target).units(losses.get(loss)!, target);
const numbers = (...columns: string[]): TargetShape => ({ kind: 'number', columns });

describe('losses against PyTorch', () => {
  it.each(Object.entries(torch.losses))('%s', (name, test) => {
    const loss = losses.get(test.type)!;
    const params = loss.schema.parse(test.params);
    const g = new GraphBuilder();
    const output = g.input('output', test.output.shape);
    const y = g.input('y', test.y.shape, loss.needs.includes('numbers') ? 'f32' : 'i32');
    const examples = loss.examples(g, output, y, params);
    expect(examples.shape).toEqual([test.output.shape[0]]);
    g.output('examples', examples);
    g.output('gradient', differentiate(g, g.mean(examples), [output])[0]!);
    const scores = loss.scores(g, output, params);
    expect(scores.shape).toEqual(test.output.shape);
    g.output('scores', scores);
    const results = evaluateGraph(g.finish(), { output: test.output.data, y: test.y.data });
    // 1 / batch, smoothing and the probabilities' fuzz are float32 constants.
    const plain = !/smoothed|probabilities|0\.5|mean/.test(name);
    expectClose(results['examples']!, test.examples.data, plain ? EXACT : FLOAT32);
    expectClose(results['gradient']!, test.gradient.data, FLOAT32);
    expectClose(results['scores']!, test.scores.data, EXACT);
  });

  it('has a case for every loss', () => {
    const tested = new Set(Object.values(torch.losses).map((test) => test.type));
    expect([...losses.keys()].filter((name) => !tested.has(name))).toEqual([]);
  });
});

describe('what a loss asks of the output', () => {
  it('one unit per class, one for two classes, one per number', () => {
    expect(unitsOf('sparse_categorical_crossentropy', classes(10))).toBe(10);
    expect(unitsOf('categorical_crossentropy', classes(2))).toBe(2);
    for (const name of ['binary_crossentropy', 'hinge', 'perceptron'])
      expect(unitsOf(name, classes(2))).toBe(1);
    expect(unitsOf('huber', numbers('a', 'b'))).toBe(2);
  });

  const misfit = (loss: string, output: readonly number[], target: TargetShape): Misfit => {
    try {
      fitOutput(taskWith(target), losses.get(loss)!, output, target);
    } catch (error) {
      expect(error).toBeInstanceOf(Misfit);
      return error as Misfit;
    }
    throw new Error('it fits');
  };

  it('says which number of units is right', () => {
    const sparse = misfit('sparse_categorical_crossentropy', [9], classes(10));
    expect(sparse.message).toBe('9 output units for 10 classes');
    expect(sparse.help).toBe('write `units: 10`');
    expect(sparse.field).toBe('units');
    expect(misfit('binary_crossentropy', [2], classes(2)).message).toBe(
      '2 output units for 2 classes; binary_crossentropy needs 1',
    );
    expect(misfit('mean_squared_error', [3], numbers('price')).message).toBe('3 output units for 1 target');
    expect(() => fitOutput(taskWith(classes(2)), losses.get('hinge')!, [1], classes(2))).not.toThrow();
  });

  it('needs a flat output', () => {
    expect(misfit('mean_squared_error', [4, 4, 1], numbers('price')).message).toBe(
      'mean_squared_error needs 1 output unit but gets (4, 4, 1)',
    );
  });

  it('refuses a target of another kind', () => {
    expect(misfit('hinge', [1], classes(3)).message).toBe('hinge tells two classes apart; the target has 3');
    expect(misfit('perceptron', [1], numbers('y')).message).toBe(
      'perceptron is for classes; the target is a number',
    );
    expect(misfit('huber', [1], classes(2)).message).toBe(
      'huber is for numbers; the target is one of 2 classes',
    );
  });

  it('refuses a smoothing that leaves nothing of the truth', () => {
    expect(losses.get('categorical_crossentropy')!.schema.safeParse({ label_smoothing: 1 }).success).toBe(
      false,
    );
  });
});

describe('perceptron', () => {
  it("is Rosenblatt's rule: by hand on three points, rate 0.1, from zero", () => {
    // Counted by hand, one example at a time: [0,0] -> 1, [1,1] -> 1, [2,1] -> 0; a tie at z = 0 says 1.
    const points = [
      { x: [0, 0], y: 1 },
      { x: [1, 1], y: 1 },
      { x: [2, 1], y: 0 },
    ];
    const g = new GraphBuilder();
    const [x, w, b] = [g.input('x', [1, 2]), g.input('w', [2, 1]), g.input('b', [1])];
    const z = g.add(g.matmul(x, w), b);
    const loss = g.sum(losses.get('perceptron')!.examples(g, z, g.input('y', [1], 'i32'), {}));
    const [dw, db] = differentiate(g, loss, [w, b]);
    g.output('dw', dw!);
    g.output('db', db!);
    const state = { w: [0, 0], b: [0] };
    let wrong = 1;
    for (let epoch = 0; wrong > 0 && epoch < 20; epoch++) {
      wrong = 0;
      for (const point of points) {
        const results = evaluateGraph(g.finish(), { x: point.x, y: [point.y], ...state });
        wrong += Math.abs(results['db']![0]!);
        state.w = state.w.map((v, i) => v - 0.1 * results['dw']![i]!);
        state.b = [state.b[0]! - 0.1 * results['db']![0]!];
      }
    }
    expectClose(state.w, [-0.1, 0], EXACT);
    expectClose(state.b, [0.1], EXACT);
  });
});
