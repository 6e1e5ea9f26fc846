// Training of the benchmark's MLP in brain.js: `node brain.mjs <folder of packages>`.
// It knows one activation for all layers, squared error and one update an example; so a step here is a pass over a
// batch's examples in as many updates.
import { createRequire } from 'node:module';
import { pixels } from './inputs.mjs';
import { serve } from './serve.mjs';

const require = createRequire(`${process.argv[2]}/`);
const { NeuralNetwork } = require('brain.js');
const { version } = require('brain.js/package.json');
const BATCH = { 'mlp-128': 128, 'mlp-128-batch-32': 32 };

function stepper(batch) {
  const net = new NeuralNetwork({ hiddenLayers: [128], activation: 'relu' });
  const values = pixels(batch);
  const data = Array.from({ length: batch }, (_, n) => ({
    input: values.slice(n * 784, (n + 1) * 784),
    output: Float32Array.from({ length: 10 }, (_, c) => (c === n % 10 ? 1 : 0)),
  }));
  return {
    batch,
    note: 'an update for each example',
    step: async () =>
      net.train(data, { iterations: 1, errorThresh: 1e-9, learningRate: 0.001, log: false }).error,
  };
}

await serve(`brain.js ${version}`, (name) => BATCH[name] && stepper(BATCH[name]));
