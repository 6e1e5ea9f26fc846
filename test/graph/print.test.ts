import { expect, test } from 'vitest';
import { differentiate, type Graph, GraphBuilder, type Node, printGraph } from '../../src/graph/index.ts';

// Refresh the expected files with `npx vitest run test/graph -u`.

/** A convolutional classifier with its gradients: what a training step prints. */
function convolutionalStep(): Graph {
  const g = new GraphBuilder();
  const [x, y] = [g.input('x', [2, 8, 8, 1]), g.input('y', [2], 'i32')];
  g.scope = 'conv2d_1';
  const kernel = g.input('conv2d_1/kernel', [3, 3, 1, 4]);
  const hidden = g.relu(
    g.conv2d(x, kernel, {
      strides: [2, 2],
      padding: [
        [1, 1],
        [1, 1],
      ],
      dilations: [1, 1],
    }),
  );
  g.scope = 'max_pooling2d_1';
  const pooled = g.maxPool2d(hidden, {
    window: [2, 2],
    strides: [2, 2],
    padding: [
      [0, 0],
      [0, 0],
    ],
  });
  g.scope = 'dropout_1';
  const dropped = g.mul(pooled, g.randomMask('dropout/dropout_1', 0.25, pooled.shape));
  g.scope = 'dense_1';
  const w = g.input('dense_1/kernel', [16, 3]);
  const logits = g.matmul(g.reshape(dropped, [2, 16]), w);
  g.scope = 'loss';
  const loss = g.neg(g.mean(g.sum(g.mul(g.logSoftmax(logits), g.oneHot(y, 3)), [1])));
  const gradients = differentiate(g, loss, [kernel, w]);
  g.scope = '';
  g.output('loss', loss);
  g.output('gradient/conv2d_1/kernel', gradients[0]!);
  g.output('gradient/dense_1/kernel', gradients[1]!);
  return g.finish();
}

/** The printed form of every attribute that the training step doesn't show. */
function attributes(): Graph {
  const g = new GraphBuilder();
  const x = g.input('odd "name"\n', [6, 4]);
  g.constant(new Float32Array([1, 2, 3]), [3]);
  g.constant(new Float32Array([1, 2, 4]), [3]);
  g.constant(new Int32Array([1, 2, 3]), [3]);
  for (const v of [0.1, 1 / 3, -0, 1e-45, 3.4e38, 16777216, Infinity, NaN]) g.scalar(v);
  g.constant(new Int32Array([-7]), [1]);
  g.slice(x, [0, 1], [6, 3]);
  g.slice(x, [1, 0], [5, 4], [2, 3]);
  g.pad(x, [0, 1], [2, 0]);
  g.pad(x, [0, 0], [0, 0], [1, 0], -1);
  g.transpose(x, [1, 0]);
  g.matmul(x, x, { a: true });
  g.matmul(x, x, { b: true });
  g.cast(g.greaterEqual(x, 0), 'i32');
  g.argmax(x, 1);
  g.max(x, [0]);
  const index: Node = g.iota([2, 3], 1);
  g.scatterAdd(index, g.gather(x, index), 6);
  g.concat([x, x, x], 0);
  const image = g.reshape(x, [1, 6, 4, 1]);
  const attrs = {
    strides: [1, 2],
    padding: [
      [1, 0],
      [0, 2],
    ],
    dilations: [2, 1],
  } as const;
  g.conv2d(image, g.reshape(g.slice(x, [0, 0], [2, 2]), [2, 2, 1, 1]), attrs);
  return g.finish();
}

test.each([
  ['convolutional-step', convolutionalStep],
  ['attributes', attributes],
])('%s', async (name, build) => {
  await expect(printGraph(build())).toMatchFileSnapshot(`../samples/graph/${name}.txt`);
});

test('the same graph prints the same, whatever the order of its attributes', () => {
  const graph = attributes();
  const reordered = graph.nodes.map((n) => {
    const attrs = Object.fromEntries(Object.entries(n.attrs).reverse());
    return { ...n, attrs } as unknown as Node;
  });
  expect(printGraph({ ...graph, nodes: reordered })).toBe(printGraph(graph));
});

test('a constant prints the FNV-1a hash of its little-endian bytes', () => {
  const bytes = Buffer.from('foobarfoobar');
  let hash = 0x811c9dc5n;
  for (const byte of bytes) hash = ((hash ^ BigInt(byte)) * 0x01000193n) & 0xffffffffn;
  const g = new GraphBuilder();
  g.constant(
    Int32Array.from([0, 4, 8], (at) => bytes.readInt32LE(at)),
    [3],
  );
  expect(printGraph(g.finish())).toBe(`%0 i32[3] = constant fnv=${hash.toString(16).padStart(8, '0')}\n`);
});
