// Training steps of the benchmark's networks in jax-js: `node jax-js.mjs <folder of packages> stock | tuned | threads`.
//
// stock: convolutions by `lax.convGeneralDilated`, the forward pass in `jit`, Adam as optax has it: what jax-js' own MNIST
// example does. tuned: convolutions as im2col + dot, the whole step in one `jit`. threads: the same with jax-js' own pool of
// workers, which Node lacks the `Worker` for. (Tried and slower: windows channels-last, each piece in a `jit` of its own.)
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { filled, labels, mask, pixels } from './inputs.mjs';
import { serve } from './serve.mjs';
import { offerWorkers } from './web-worker.mjs';

const [folder, form] = process.argv.slice(2);
globalThis.navigator ??= { hardwareConcurrency: 2 };
if (form === 'threads') offerWorkers();
const require = createRequire(`${folder}/`);
const entry = require.resolve('@jax-js/jax').replace(/\.cjs$/, '.js');
const {
  init,
  defaultDevice,
  jit,
  lax,
  nn,
  numpy: np,
  tree,
  valueAndGrad,
} = await import(pathToFileURL(entry));
await init('wasm');
defaultDevice('wasm');
const tuned = form !== 'stock';

const array = (values, shape) => np.array(values).reshape(shape);
const dense = (inputs, outputs) => ({
  w: array(filled(inputs * outputs, Math.sqrt(6 / (inputs + outputs))), [inputs, outputs]),
  b: np.zeros([outputs]),
});
const conv = (inputs, outputs) => ({
  w: array(filled(inputs * outputs * 9, Math.sqrt(6 / ((inputs + outputs) * 9))), [outputs, inputs, 3, 3]),
  b: np.zeros([outputs, 1, 1]),
});
const affine = (x, { w, b }) => np.dot(x, w).add(b);
const convolve = tuned ? byColumns : (x, { w, b }) => lax.convGeneralDilated(x, w, [1, 1], 'VALID').add(b);

/** x [batch, in, height, width] as rows of windows, times the kernel [out, in, size, size]. */
function byColumns(x, { w, b }) {
  const [batch, inputs, height, width] = x.shape;
  const [outputs, , size] = w.shape;
  const [rows, columns] = [height - size + 1, width - size + 1];
  const windows = [];
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) windows.push(x.ref.slice([], [], [i, i + rows], [j, j + columns]));
  x.dispose();
  const unfolded = np
    .stack(windows) // [size·size, batch, in, rows, columns]
    .transpose([1, 3, 4, 2, 0])
    .reshape([batch * rows * columns, inputs * size * size]);
  const product = np.dot(unfolded, w.reshape([outputs, inputs * size * size]).transpose());
  return product.reshape([batch, rows, columns, outputs]).transpose([0, 3, 1, 2]).add(b);
}

/** Names as in rows.ts. Masks of dropout are drawn once: what drawing costs isn't counted. */
const MODELS = {
  cnn: {
    // A stock step on 128 images takes 20 s, its first two minutes.
    batch: tuned ? 128 : 8,
    start: () => ({ c1: conv(1, 32), c2: conv(32, 64), d1: dense(9216, 128), d2: dense(128, 10) }),
    masks: [
      [[64, 12, 12], 0.25],
      [[128], 0.5],
    ],
    predict(p, x, [m1, m2]) {
      const h1 = nn.relu(convolve(x.reshape([-1, 1, 28, 28]), p.c1));
      const h2 = nn.relu(convolve(h1, p.c2));
      const pooled = lax.reduceWindow(h2, np.max, [2, 2], [2, 2]).mul(m1);
      return affine(nn.relu(affine(pooled.reshape([-1, 9216]), p.d1)).mul(m2), p.d2);
    },
  },
  'mlp-128': mlp128(128),
  'mlp-128-batch-32': mlp128(32),
};

function mlp128(batch) {
  return {
    batch,
    start: () => ({ d1: dense(784, 128), d2: dense(128, 10) }),
    masks: [],
    predict: (p, x) => affine(nn.relu(affine(x, p.d1)), p.d2),
  };
}

/** Adam (Kingma & Ba 2015). c1 and c2 are 1 - beta^t, handed in as arrays so that a jitted step stays one program. */
function adam(params, grads, { m, v }, c1, c2) {
  const [[ps, form], [gs], [ms], [vs]] = [params, grads, m, v].map((t) => tree.flatten(t));
  const next = ps.map((p, i) => {
    const m1 = ms[i].mul(0.9).add(gs[i].ref.mul(0.1));
    const v1 = vs[i].mul(0.999).add(gs[i].ref.mul(gs[i]).mul(0.001));
    const step = m1.ref.div(c1.ref).div(np.sqrt(v1.ref.div(c2.ref)).add(1e-7));
    return [p.sub(step.mul(1e-3)), m1, v1];
  });
  c1.dispose();
  c2.dispose();
  const [p, m1, v1] = [0, 1, 2].map((k) =>
    tree.unflatten(
      form,
      next.map((n) => n[k]),
    ),
  );
  return [p, { m: m1, v: v1 }];
}

function stepper({ batch, start, masks, predict }) {
  let params = start();
  const zeros = () => tree.map((p) => np.zeros(p.shape), tree.ref(params));
  let moments = { m: zeros(), v: zeros() };
  const drawn = masks.map(([one, rate]) => {
    const shape = [batch, ...one];
    return array(mask(shape, rate), shape);
  });
  const images = pixels(batch);
  const classes = labels(batch);
  const forward = tuned ? predict : jit(predict);
  const loss = (p, x, y, m) =>
    nn
      .logSoftmax(forward(p, x, m))
      .mul(nn.oneHot(y, 10))
      .sum()
      .mul(-1 / batch);
  const whole = (p, state, x, y, m, c1, c2) => {
    const [value, grads] = valueAndGrad(loss)(tree.ref(p), x, y, m);
    return [value, ...adam(p, grads, state, c1, c2)];
  };
  const run = tuned ? jit(whole) : whole;
  let t = 0;
  return {
    batch,
    async step() {
      t++;
      const x = array(images, [batch, 784]);
      const y = np.array(classes, { dtype: np.int32 });
      const corrections = [0.9, 0.999].map((beta) => np.array(1 - beta ** t));
      let value;
      [value, params, moments] = run(params, moments, x, y, tree.ref(drawn), ...corrections);
      for (const leaf of tree.leaves(params)) await leaf.blockUntilReady();
      return value.jsAsync();
    },
  };
}

const { version } = JSON.parse(
  (await import('node:fs')).readFileSync(`${folder}/node_modules/@jax-js/jax/package.json`, 'utf8'),
);
const title = { stock: '', tuned: ', tuned', threads: ', tuned, 2 threads' }[form];
await serve(`jax-js ${version}${title}`, (name) => MODELS[name] && stepper(MODELS[name]));
