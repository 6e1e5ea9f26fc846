import { expect, test } from 'vitest';
import { type Graph, GraphBuilder, GraphError, type Node, verify } from '../../src/graph/index.ts';

/** %0 input x, %1 input w, %2 matmul, %3 constant, %4 broadcast, %5 add; output y. */
function sample(): Graph {
  const g = new GraphBuilder();
  const [x, w] = [g.input('x', [2, 3]), g.input('w', [3, 4])];
  g.scope = 'dense';
  g.output('y', g.add(g.matmul(x, w), 1));
  return g.finish();
}
const change = (id: number, fields: Partial<Record<keyof Node, unknown>>): Graph => {
  const graph = sample();
  return { ...graph, nodes: graph.nodes.map((n) => (n.id === id ? ({ ...n, ...fields } as Node) : n)) };
};

test('a graph from the builder passes', () => {
  expect(() => verify(sample())).not.toThrow();
});

const broken: readonly [string, Graph, string][] = [
  ['ids out of order', change(3, { id: 7 }), '%7 constant in dense: stands at 3'],
  [
    'use before definition',
    change(2, { inputs: [0, 5] }),
    '%2 matmul in dense: uses %5, which does not stand',
  ],
  ['use of itself', change(2, { inputs: [0, 2] }), '%2 matmul in dense: uses %2'],
  ['an operand too few', change(5, { inputs: [2] }), '%5 add in dense: add takes 2 operands, got 1'],
  [
    'a wrong shape',
    change(2, { shape: [2, 5] }),
    '%2 matmul in dense: is f32[2, 5], its rule says f32[2, 4]',
  ],
  ['a wrong type', change(5, { dtype: 'i32' }), '%5 add in dense: is i32[2, 4], its rule says f32[2, 4]'],
  [
    'operands that do not fit',
    change(1, { shape: [2, 4] }),
    '%2 matmul in dense: matmul: matmul inner sizes',
  ],
  [
    'a constant of another size',
    change(3, { shape: [2] }),
    '%3 constant in dense: constant: 1 values for [2]',
  ],
  ['an empty shape', change(0, { shape: [0, 3] }), '%0 input: has the shape [0, 3]'],
  ['a fractional shape', change(0, { shape: [2.5, 3] }), '%0 input: has the shape [2.5, 3]'],
  ['two inputs of one name', change(1, { attrs: { name: 'x' } }), '%1 input: a second input named "x"'],
  ['an output of nothing', { ...sample(), outputs: [{ name: 'y', value: 9 }] }, 'output "y" is %9'],
  [
    'two outputs of one name',
    { ...sample(), outputs: [...sample().outputs, { name: 'y', value: 0 }] },
    'a second output named "y"',
  ],
];
test.each(broken)('%s', (_, graph, message) => {
  expect(() => verify(graph)).toThrow(GraphError);
  expect(() => verify(graph)).toThrow(message);
});
