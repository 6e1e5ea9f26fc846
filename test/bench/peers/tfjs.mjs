// Training steps of the benchmark's networks in TensorFlow.js: `node tfjs.mjs <folder of packages> wasm | cpu`.
// As its own examples have it: a sequential model of tfjs-layers, `trainOnBatch`.
import { createRequire } from 'node:module';
import { labels, pixels } from './inputs.mjs';
import { serve } from './serve.mjs';

const [folder, backend] = process.argv.slice(2);
const require = createRequire(`${folder}/`);
const tf = require('@tensorflow/tfjs');
const wasm = require('@tensorflow/tfjs-backend-wasm');
wasm.setThreadsCount(2);
if (!(await tf.setBackend(backend))) throw new Error(`the backend ${backend} doesn't start`);
await tf.ready();

const { layers } = tf;
const relu = 'relu';
const mlp128 = () => [
  layers.dense({ units: 128, activation: relu }),
  layers.dense({ units: 10, activation: 'softmax' }),
];
/** Names as in rows.ts. The cpu backend takes many seconds for a convolution of 128 images: it gets fewer. */
const MODELS = {
  cnn: {
    batch: backend === 'cpu' ? 2 : 128,
    images: true,
    optimizer: () => tf.train.adam(1e-3),
    layers: () => [
      layers.conv2d({ filters: 32, kernelSize: 3, activation: relu, inputShape: [28, 28, 1] }),
      layers.conv2d({ filters: 64, kernelSize: 3, activation: relu }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.dropout({ rate: 0.25 }),
      layers.flatten(),
      layers.dense({ units: 128, activation: relu }),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
  },
  mlp: {
    batch: 128,
    optimizer: () => tf.train.rmsprop(1e-3, 0.9),
    layers: () => [
      layers.dense({ units: 512, activation: relu }),
      layers.dropout({ rate: 0.2 }),
      layers.dense({ units: 512, activation: relu }),
      layers.dropout({ rate: 0.2 }),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
  },
  'mlp-128': { batch: 128, optimizer: () => tf.train.adam(1e-3), layers: mlp128 },
  'mlp-128-batch-32': { batch: 32, optimizer: () => tf.train.adam(1e-3), layers: mlp128 },
};

function stepper({ batch, images, optimizer, layers: list }) {
  const model = tf.sequential();
  const [first, ...rest] = list();
  if (!images) model.add(layers.inputLayer({ inputShape: [784] }));
  for (const layer of [first, ...rest]) model.add(layer);
  model.compile({ optimizer: optimizer(), loss: 'sparseCategoricalCrossentropy' });
  const values = pixels(batch);
  const classes = Float32Array.from(labels(batch));
  const shape = images ? [batch, 28, 28, 1] : [batch, 784];
  return {
    batch,
    async step() {
      const [x, y] = [tf.tensor(values, shape), tf.tensor(classes, [batch, 1])];
      const loss = await model.trainOnBatch(x, y);
      tf.dispose([x, y]);
      return Array.isArray(loss) ? loss[0] : loss;
    },
  };
}

await serve(`TensorFlow.js ${tf.version.tfjs}, ${backend}`, (name) => MODELS[name] && stepper(MODELS[name]));
