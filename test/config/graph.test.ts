import { describe, expect, it } from 'vitest';
import { errorsOf, linesOf, load } from './helpers.ts';

const mnist = (layers: string) =>
  `data: { source: { type: mnist } }\narchitecture:\n${layers
    .split('\n')
    .map((line) => `  - ${line}`)
    .join('\n')}\n`;

describe('an architecture with `inputs`', () => {
  it('may read any node above, more than once, and the field by its name', () => {
    const text = mnist(`flatten: { name: flat }
dense: { name: a, units: 16, activation: relu }
dense: { name: b, inputs: flat, units: 16 }
add: { name: sum, inputs: [a, b] }
flatten: { name: again, inputs: x }
concatenate: { inputs: [sum, again] }
dense: { units: 10 }`);
    expect(linesOf(text)).toEqual([]);
    expect(load(text).config.architecture[3]).toEqual({ type: 'add', name: 'sum', inputs: ['a', 'b'] });
  });

  it('suggests the name that was probably meant', () => {
    expect(linesOf(mnist('flatten: { name: pixels }\ndense: { inputs: pixel, units: 10 }'))).toEqual([
      '4:22+5 unknown-input: there is no node or field `pixel` above | rename it to `pixels`',
    ]);
    const list = mnist(
      'flatten: { name: flat }\nconcatenate: { inputs: [flat, nonsense] }\ndense: { units: 10 }',
    );
    expect(linesOf(list)).toEqual([
      '4:35+8 unknown-input: there is no node or field `nonsense` above | name one of `flat`, `x`',
    ]);
  });

  it('refuses what stands below, and cycles', () => {
    const below = mnist(`flatten: { name: flat }
add: { name: sum, inputs: [flat, late] }
dense: { name: late, inputs: flat, units: 784 }
dense: { units: 10, inputs: sum }`);
    expect(linesOf(below)).toEqual([
      '4:38+4 forward-reference: `sum` reads `late`, which stands below it | move `late` above `sum`',
    ]);
    const cycle = mnist(`flatten: { name: flat }
add: { name: sum, inputs: [flat, back] }
dense: { name: back, units: 784 }
dense: { units: 10 }`);
    expect(linesOf(cycle)).toEqual([
      '4:38+4 cycle: `sum` reads `back`, which depends on `sum` | a network has no cycles: name a node above it',
    ]);
    expect(linesOf(mnist('flatten\ndense: { name: own, inputs: own, units: 10 }'))).toEqual([
      '4:33+3 cycle: `own` reads its own output | name a node above it',
    ]);
  });

  it('refuses a node whose output nothing reads', () => {
    expect(
      linesOf(
        mnist('flatten: { name: flat }\ndense: { name: idle, units: 4 }\ndense: { inputs: flat, units: 10 }'),
      ),
    ).toEqual([
      '4:5+5 unread-node: nothing reads the output of `idle` | name it in `inputs` of a node below, or remove it; the last node is the output',
    ]);
  });

  it('counts the inputs of a layer', () => {
    expect(linesOf(mnist('flatten\ndense: { units: 4 }\nconcatenate\ndense: { units: 10 }'))).toEqual([
      '5:5+11 input-count: concatenate takes two inputs or more; it reads one | name them: `inputs: [flatten_1, dense_1]`',
    ]);
    const two = mnist(
      'flatten: { name: a }\nflatten: { name: b, inputs: x }\ndense: { inputs: [a, b], units: 10 }',
    );
    expect(linesOf(two)).toEqual([
      '5:22+6 input-count: dense takes one input; it reads 2 | join them with `concatenate` first',
    ]);
  });

  it('shows the shapes that meet where they do not fit', () => {
    const text = mnist(`conv2d: { name: seen, filters: 2, kernel_size: 3 }
flatten: { name: flat, inputs: x }
add: { inputs: [seen, flat] }
dense: { units: 10 }`);
    const [error, ...more] = errorsOf(text);
    expect(more).toEqual([]);
    expect(error).toMatchObject({
      code: 'shape',
      message: 'add needs inputs of one shape but gets (26, 26, 2) and (784)',
      details: { position: { line: 5, column: 20 } },
    });
    expect(error?.details.notes).toEqual(['one example:  seen (26, 26, 2) + flat (784) → add ✗']);
  });

  it('says where a later layer does not fit, from where inputs meet', () => {
    const text = mnist(`flatten: { name: a }
dense: { name: b, units: 4 }
concatenate: { inputs: [a, b] }
conv2d: { filters: 1, kernel_size: 3 }
dense: { units: 10 }`);
    expect(errorsOf(text)[0]?.details.notes).toEqual([
      'one example:  a (784) + b (4) → concatenate (788) → conv2d ✗',
    ]);
  });
});
