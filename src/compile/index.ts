import type { NetworkConfig } from '../config/config.ts';
import { BATCH, bind, type Graph, GraphBuilder, type Node } from '../graph/index.ts';
import {
  type DataSpec,
  examplesPerEpoch,
  inputsOfPlan,
  type LayerSummary,
  type Plan,
  type Program,
  type ProgramName,
} from '../plan/index.ts';
import {
  dataNodes,
  dataSpecs,
  exampleLoss,
  forward,
  runningMetrics,
  scored,
  summarizeLayers,
  trainingLoss,
} from './1-build.ts';
import { addUpdates, scalarSpecs } from './2-differentiate.ts';
import { simplify } from './3-simplify.ts';
import { schedule } from './4-schedule.ts';
import type { CompileInput } from './compile-input.ts';
import { decided, logitsOf } from './decide.ts';
import { ProgramState, StateRegistry } from './registry.ts';

export { flopsOf } from './4-schedule.ts';
export type { CompileInput, Target } from './compile-input.ts';
export { compileExplain } from './explain.ts';
export { initialState } from './initial-state.ts';
export { compilePartWay } from './part-way.ts';
export { compileProbe, type ProbedLayer } from './probe.ts';

/** Examples of an evaluation batch: enough to make the cost of a call small, few enough to limit memory. */
const EVALUATION_BATCH = 256;
/**
 * The batch that buffers and operations are counted for where it is symbolic: large, so that the examples
 * outweigh everything else.
 */
const COUNTED_BATCH = 8192;

/**
 * Compiles a config for data of known shape into a plan: 1-build (forward pass and loss) -> 2-differentiate
 * (gradients, clipping, updates) -> 3-simplify -> 4-schedule. Pure: the same config and summary give the same
 * plan.
 * @throws Misfit when layers, loss and data don't fit each other (config checks report it first).
 */
export function compilePlan(config: NetworkConfig, input: CompileInput): Plan {
  const { summary, target } = input;
  const inputs = inputsOfPlan(summary);
  const registry = new StateRegistry();
  const train = examplesPerEpoch(summary);
  const weighted = summary.balance?.weighted === true;
  const batch = Math.min(config.training.batch_size, train);
  const largest = Math.max(train, summary.split.validation, summary.split.test);
  const evaluation = Math.min(Math.max(batch, EVALUATION_BATCH), largest);
  let layers: LayerSummary[] = [];

  const trainProgram = (name: 'train' | 'train_tail', size: number): Program => {
    const g = new GraphBuilder();
    const state = new ProgramState(g, registry, true);
    const data = dataSpecs(size, inputs, target, weighted);
    const nodes = dataNodes(g, data);
    const { output, outputs } = forward(config, state, nodes.inputs);
    const loss = trainingLoss(state, exampleLoss(config, g, output, nodes.target), nodes.weight);
    const running = runningMetrics(config, g, { ...scored(config, g, output), y: nodes.target });
    addUpdates(config, state, loss);
    if (name === 'train') layers = summarizeLayers(config, [...nodes.inputs.keys()], outputs, registry);
    g.output('loss', loss);
    for (const [metric, node] of running) g.output(metric, node);
    for (const [tensor, node] of state.next) g.output(tensor, node);
    return program(name, size, data, g.finish());
  };

  const evaluateProgram = (): Program => {
    const g = new GraphBuilder();
    const state = new ProgramState(g, registry, false);
    const data = dataSpecs(evaluation, inputs, target);
    const nodes = dataNodes(g, data);
    const { output } = forward(config, state, nodes.inputs);
    g.output('scores', scored(config, g, output).scores);
    g.output('example_loss', exampleLoss(config, g, output, nodes.target));
    if (config.evaluation.calibration) g.output('logits', logitsOf(config, g, output));
    return program('evaluate', evaluation, data, g.finish());
  };

  const predictProgram = (): Program => {
    const g = new GraphBuilder();
    const state = new ProgramState(g, registry, false);
    const data = inputs.map(
      ({ name, raw }): DataSpec => ({ name, role: 'input', shape: [BATCH, ...raw], dtype: 'f32' }),
    );
    g.scope = 'preprocess';
    const raw = data.map(({ name, shape }) => [name, g.input(name, shape)] as const);
    const { preprocess = (_: GraphBuilder, x: Node) => x } = input;
    const { output } = forward(
      config,
      state,
      new Map(raw.map(([name, x]) => [name, preprocess(g, x, name)])),
    );
    const { scores, predicted } = decided(config, g, output, target);
    g.output('scores', scores);
    if (predicted) g.output('label', predicted);
    return program('predict', COUNTED_BATCH, data, g.finish());
  };

  const programs: Partial<Record<ProgramName, Program>> = {
    train: repeated(trainProgram('train', batch), Math.floor(train / batch)),
  };
  if (train % batch !== 0) programs.train_tail = trainProgram('train_tail', train % batch);
  programs.evaluate = evaluateProgram();
  programs.predict = predictProgram();
  return {
    format: 1,
    name: config.name,
    seed: config.seed,
    data: summary,
    layers,
    parameters: registry.parameters(),
    state: [...registry.specs.values()],
    scalars: scalarSpecs(config),
    programs,
  };
}

/**
 * Operations of a step from which on the cost of a call, some hundredths of a millisecond, no longer counts.
 */
const SMALL_STEP = 1e9;
/**
 * Steps of a call, in order of preference. Eight are enough; a nearby number that divides an epoch is better,
 * since one compiled model then runs all of it.
 */
const STEPS_A_CALL = [8, 9, 7, 10, 6, 11, 12];

/** Says of small steps, where an epoch has enough of them, how many to run in a call. */
function repeated(train: Program, stepsPerEpoch: number): Program {
  const flops = train.steps.reduce((sum, step) => sum + step.flops, 0);
  const [usual] = STEPS_A_CALL;
  if (flops >= SMALL_STEP || stepsPerEpoch < usual!) return train;
  return { ...train, repeat: STEPS_A_CALL.find((count) => stepsPerEpoch % count === 0) ?? usual };
}

function program(name: ProgramName, batch: number, data: readonly DataSpec[], built: Graph): Program {
  const graph = simplify(built);
  return { name, batch, data, graph, ...schedule(bind(graph, { batch })) };
}
