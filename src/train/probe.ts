import type { Examples } from '../base/examples.ts';
import { inOrder } from '../base/order.ts';
import { shuffled, streamKey } from '../base/random.ts';
import { sizeOf } from '../base/shape.ts';
import type { GradientSigns, LayerSigns } from '../catalog/diagnoses/index.ts';
import type { ProbedLayer } from '../compile/index.ts';
import { initialState } from '../compile/initial-state.ts';
import type { Engine, EngineOptions, State, Tensor } from '../engines/index.ts';
import type { Plan } from '../plan/index.ts';
import { Batch } from './batches.ts';
import type { ProbePlan } from './plan-probe.ts';

export interface Signs {
  readonly layers: readonly LayerSigns[];
  readonly gradients: { readonly start: readonly GradientSigns[]; readonly end: readonly GradientSigns[] };
}

/**
 * Operations that one thread does before a second is there: starting one costs as much as all else of a small
 * look.
 */
const ALONE = 2e9;

/**
 * Looks at some training examples with the final weights and with those of the start: two runs of one small
 * program, in a session of its own, after training. So it costs no training step anything, and no weight a
 * bit.
 */
export async function probe(
  probed: ProbePlan,
  train: Examples,
  engine: Engine,
  options: EngineOptions,
  final: State,
): Promise<Signs> {
  const { plan } = probed;
  const start = new Map([...initialState(probed.plan), ...(probed.start ?? [])]);
  const own = new Map([...final].filter(([name]) => start.has(name)));
  const operations = plan.programs.evaluate!.steps.reduce((sum, { flops }) => sum + flops, 0);
  const session = await engine.open(plan, own, operations < ALONE ? { ...options, threads: 1 } : options);
  try {
    const inputs = new Batch(probed.plan.programs.evaluate!.data);
    const order = shuffled(inOrder(train.count), streamKey(plan.seed, 'probe'));
    inputs.load(train, order.slice(0, probed.plan.programs.evaluate!.batch), 0);
    const run = () => session.run('evaluate', { data: inputs.data, scalars: {}, counter: 0 });
    const ended = await run();
    const layers = probed.layers.map((layer) => signsOf(layer, ended[layer.result]!, plan));
    const gradients = (results: Readonly<Record<string, Tensor>>) =>
      probed.weights.map((weight) => {
        const size = sizeOf(probed.plan.state.find(({ name }) => name === weight)!.shape);
        return { weight, rms: Math.sqrt(results[`gradient:${weight}`]![0]! / size) };
      });
    const end = gradients(ended);
    await session.writeState(start);
    return { layers, gradients: { start: gradients(await run()), end } };
  } finally {
    await session.close();
  }
}

/** `values` are `[..., units]`: a convolution's unit is a channel at every place. */
function signsOf({ layer, op }: ProbedLayer, values: Tensor, plan: Plan): LayerSigns {
  const units = plan.layers.find(({ name }) => name === layer)!.shape.at(-1)!;
  const low = op === 'tanh' ? -1 : 0;
  const near = 0.01 * (1 - low);
  const alive = new Uint8Array(units);
  let extreme = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value !== 0) alive[i % units] = 1;
    if (value < low + near || value > 1 - near) extreme++;
  }
  const relu = op === 'relu';
  const living = alive.reduce((sum, one) => sum + one, 0);
  return {
    layer,
    units,
    dead: relu ? units - living : 0,
    saturated: relu ? 0 : extreme / values.length,
  };
}
