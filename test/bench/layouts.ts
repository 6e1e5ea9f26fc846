import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import ort from 'onnxruntime-node';
import { inOrder } from '../../src/base/order.ts';
import { fillMask, shuffled, streamKey } from '../../src/base/random.ts';
import { sizeOf } from '../../src/base/shape.ts';
import { dataSpecs, exampleLoss, forward, trainingLoss } from '../../src/compile/1-build.ts';
import { initialState } from '../../src/compile/index.ts';
import { ProgramState, StateRegistry } from '../../src/compile/registry.ts';
import { loadConfig, networkOf } from '../../src/config/index.ts';
import type { RunInputs, Session, State } from '../../src/engines/engine.ts';
import { onnxEngine } from '../../src/engines/onnx/index.ts';
import { lower } from '../../src/engines/onnx/lower/index.ts';
import { blockSize } from '../../src/engines/onnx/probe.ts';
import { type Runtime, sessionOptions } from '../../src/engines/onnx/runtime.ts';
import {
  bind,
  differentiate,
  fixedShape,
  type Graph,
  GraphBuilder,
  type Node,
} from '../../src/graph/index.ts';
import { prepareExperiment } from '../../src/pipeline/prepare.ts';
import type { Plan } from '../../src/plan/index.ts';
import { Batch } from '../../src/train/batches.ts';
import { scalarsAt } from '../../src/train/scalars.ts';
import { countOf } from './count.mjs';

/*
 * Whether the blocked layout computes right gradients, and why its curve leaves the portable one: mnist-cnn on its own
 * digits against PyTorch's float64. `npm run bench:layouts -- [batches] [curves]`.
 *
 * A pooling window whose largest values agree to their last bits, or a relu at 0, is a choice that rounding makes. So each gradient is
 * compared twice: with float64 under the choices that the layout made (is it right to rounding?), and with float64 under its
 * own (how often does a choice differ, in each layout and in PyTorch's float32?).
 */
const [root = '.', some, more] = process.argv.slice(2);
const batches = countOf(some, 'batches', 50, 0);
const curves = countOf(more, 'curves', 3, 0);
const STEPS = 20;
const LAYOUTS = ['portable', 'fast'] as const;
const folder = mkdtempSync(join(tmpdir(), 'mlx-layouts-'));
const write = (name: string, values: Float32Array | Int32Array | Uint8Array) =>
  writeFileSync(join(folder, name), values);

const python = spawn('/usr/bin/python3', [join(root, 'test/bench/layouts_torch.py')], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
async function ask<T>(question: Record<string, unknown>): Promise<T> {
  python.stdin.write(`${JSON.stringify({ ...question, folder })}\n`);
  const answer = await lines.next();
  if (answer.done) throw new Error("PyTorch ended early: is Debian's python3-torch installed?");
  return JSON.parse(answer.value);
}

interface Case {
  readonly plan: Plan;
  readonly state: State;
  inputs(step: number): RunInputs;
}

async function cnn(seed: number): Promise<Case> {
  const loaded = loadConfig(join(root, 'configs/mnist-cnn.yaml'), { set: [`seed=${seed}`] });
  const { data, plan } = await prepareExperiment(loaded, async (_, work) => work(() => {}));
  const steps = Math.floor(data.train.count / plan.programs.train!.batch);
  return {
    plan,
    state: initialState(plan),
    inputs(step) {
      const key = streamKey(plan.seed, 'shuffle', Math.floor(step / steps));
      const batch = new Batch(plan.programs.train!.data);
      batch.load(data.train, shuffled(inOrder(data.train.count), key), (step % steps) * 128);
      return { data: batch.data, scalars: scalarsAt(plan, step), counter: step };
    },
  };
}

/** Batch and masks of a step, as PyTorch reads them. */
function writeBatch(prefix: string, { plan }: Case, inputs: RunInputs): void {
  write(`${prefix}x`, inputs.data['x']!);
  write(`${prefix}y`, inputs.data['y']!);
  const masks = bind(plan.programs.train!.graph).nodes.filter((n) => n.op === 'random_mask');
  masks.forEach(({ attrs, shape }, i) => {
    const mask = new Float32Array(sizeOf(shape));
    fillMask(mask, streamKey(plan.seed, attrs.stream, inputs.counter), attrs.rate);
    write(`${prefix}mask${i}`, mask);
  });
}
const weightsOf = ({ plan }: Case) => plan.state.filter((s) => s.role === 'weight').map((s) => s.name);
const writeWeights = (model: Case, state: State) =>
  weightsOf(model).forEach((name, i) => {
    write(`w${i}`, state.get(name)!);
  });

/** The training step's gradients, and the numbers by which pooling and relus choose. */
function gradientGraph(seed: number): Graph {
  const config = networkOf(
    loadConfig(join(root, 'configs/mnist-cnn.yaml'), { set: [`seed=${seed}`] }).config,
  );
  const g = new GraphBuilder();
  const state = new ProgramState(g, new StateRegistry(), true);
  const [x, y] = dataSpecs(128, [{ name: 'x', shape: [28, 28, 1] }], { y: { shape: [], dtype: 'i32' } }).map(
    (s) => g.input(s.name, s.shape, s.dtype),
  ) as [Node, Node];
  const { output, outputs } = forward(config, state, new Map([['x', x]]));
  const loss = trainingLoss(state, exampleLoss(config, g, output, y));
  const gradients = differentiate(g, loss, [...state.read.values()]);
  gradients.forEach((node, i) => {
    g.output(`g${i}`, node);
  });
  for (const [name, layer] of [
    ['relu1', 0],
    ['pool', 1],
    ['relu3', 5],
  ] as const)
    g.output(name, g.nodes[outputs[layer]!.inputs[0]!]!);
  return g.finish();
}

type Gradients = (state: State, inputs: RunInputs) => Promise<Record<string, Float32Array>>;
async function gradientsIn(model: Case, block: number): Promise<Gradients> {
  const lowered = lower(gradientGraph(model.plan.seed), '', { block });
  const session = await ort.InferenceSession.create(lowered.bytes, sessionOptions(2));
  return async (state, inputs) => {
    const feeds: Record<string, ort.Tensor> = {};
    for (const { name, shape: sizes, dtype } of lowered.inputs) {
      const shape = fixedShape(sizes);
      const values = inputs.data[name] ?? state.get(name)!;
      feeds[name] =
        dtype === 'i32'
          ? new ort.Tensor('int32', values as Int32Array, shape)
          : new ort.Tensor('float32', values as Float32Array, shape);
    }
    for (const { name, stream, rate, shape } of lowered.masks) {
      const mask = new Float32Array(sizeOf(shape));
      fillMask(mask, streamKey(model.plan.seed, stream, inputs.counter), rate);
      feeds[name] = new ort.Tensor('float32', mask, shape);
    }
    const results = await session.run(feeds);
    return Object.fromEntries(Object.entries(results).map(([name, t]) => [name, t.data as Float32Array]));
  };
}

function writeChoices(layout: string, results: Record<string, Float32Array>): void {
  for (const [name, values] of Object.entries(results)) {
    if (name.startsWith('g')) write(`${layout}.${name}`, values);
    else if (name !== 'pool')
      write(
        `${layout}.${name}`,
        Uint8Array.from(values, (v) => Number(v > 0)),
      );
  }
  const [rows, channels] = [12, 64];
  const places = new Uint8Array(128 * rows * rows * channels);
  const positive = new Uint8Array(places.length);
  for (let i = 0; i < places.length; i++) {
    const c = i % channels;
    const [column, row] = [Math.floor(i / channels) % rows, Math.floor(i / channels / rows) % rows];
    const image = Math.floor(i / channels / rows / rows);
    let best = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < 4; k++) {
      const at = ((image * 24 + 2 * row + (k >> 1)) * 24 + 2 * column + (k & 1)) * channels + c;
      const value = results['pool']![at]!;
      if (value > best) [best, places[i]] = [value, k];
    }
    positive[i] = Number(best > 0);
  }
  write(`${layout}.pool`, places);
  write(`${layout}.relu2`, positive);
}

const open = (model: Case, layout: (typeof LAYOUTS)[number]): Promise<Session> =>
  onnxEngine.open(model.plan, model.state, { threads: 2, layout });
const power = (value: number) => value.toExponential(1).padStart(8);

interface Compared {
  /** From float64 under the same choices; and under float64's own. */
  readonly error: number;
  readonly plain: number;
  /** Choices other than float64's, and how close the largest of their calls was, relative to the largest number of its kind. */
  readonly others: number;
  readonly gap: number;
}

/** Gradients along a portable training, each step in both layouts from the same weights. */
async function compareGradients(count: number): Promise<void> {
  const model = await cnn(42);
  const block = await blockSize(ort as unknown as Runtime);
  if (block === 0) throw new Error('this CPU has no blocked layout');
  const gradients = { portable: await gradientsIn(model, 0), fast: await gradientsIn(model, block) };
  const session = await open(model, 'portable');
  const all: Record<(typeof LAYOUTS)[number] | 'torch', Compared>[] = [];
  for (let step = 0; step < count; step++) {
    const inputs = model.inputs(step);
    const state = await session.readState();
    writeBatch('', model, inputs);
    writeWeights(model, state);
    for (const layout of LAYOUTS) writeChoices(layout, await gradients[layout](state, inputs));
    all.push(await ask({ what: 'gradient' }));
    await session.run('train', inputs);
  }
  await session.close();
  console.log(
    `${count} batches of mnist-cnn, largest difference of a gradient, relative to the largest number of its tensor`,
  );
  console.log(
    'from float64             same choices: median, largest   own choices: over 1e-5 in   largest   choices that differ   closest call at most',
  );
  for (const layout of [...LAYOUTS, 'torch'] as const) {
    const errors = all.map((a) => a[layout].error).sort((a, b) => a - b);
    const plain = all.map((a) => a[layout].plain);
    const others = all.map((a) => a[layout].others).reduce((a, b) => a + b, 0);
    const own = layout === 'torch';
    console.log(
      `${(own ? 'PyTorch float32' : layout).padEnd(25)}${own ? ' '.repeat(28) : `          ${power(errors[count >> 1]!)}  ${power(errors[count - 1]!)}`}` +
        `${`${plain.filter((v) => v > 1e-5).length} of ${count}`.padStart(23)}   ${power(Math.max(...plain))}` +
        (own
          ? ''
          : `${String(others).padStart(17)} ${power(Math.max(...all.map((a) => a[layout].gap))).padStart(22)}`),
    );
  }
}

/** Losses of the first steps from the same weights, batches and masks. */
async function compareCurves(seed: number): Promise<void> {
  const model = await cnn(seed);
  for (let step = 0; step < STEPS; step++) writeBatch(`${step}.`, model, model.inputs(step));
  writeWeights(model, model.state);
  const losses: Record<string, number[]> = {};
  for (const layout of LAYOUTS) {
    const session = await open(model, layout);
    const curve: number[] = [];
    for (let step = 0; step < STEPS; step++)
      curve.push((await session.run('train', model.inputs(step)))['loss']![0]!);
    losses[layout] = curve;
    await session.close();
  }
  for (const dtype of ['float32', 'float64'])
    losses[dtype] = await ask({ what: 'curve', dtype, steps: STEPS });
  const exact = losses['float64'];
  const apart = (name: string) =>
    power(Math.max(...losses[name]!.map((v, i) => Math.abs(v - exact![i]!) / exact![i]!)));
  console.log(`seed ${String(seed).padEnd(20)}${apart('portable')}   ${apart('fast')}   ${apart('float32')}`);
}

try {
  if (batches > 0) await compareGradients(batches);
  if (curves > 0) {
    console.log(
      `largest difference of the loss from float64's within ${STEPS} steps, relative\n                          portable       fast   PyTorch float32`,
    );
    for (let i = 0; i < curves; i++) await compareCurves(42 + i);
  }
} finally {
  python.stdin.end();
  rmSync(folder, { recursive: true, force: true });
}
