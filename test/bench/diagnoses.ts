import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inOrder } from '../../src/base/order.ts';
import { shuffled, streamKey } from '../../src/base/random.ts';
import { diagnose } from '../../src/catalog/diagnoses/index.ts';
import { metrics } from '../../src/catalog/metrics/index.ts';
import { taskOf } from '../../src/catalog/tasks/index.ts';
import { initialState } from '../../src/compile/index.ts';
import { loadConfig, networkOf } from '../../src/config/index.ts';
import { onnxEngine } from '../../src/engines/onnx/index.ts';
import { prepareExperiment } from '../../src/pipeline/prepare.ts';
import { stages } from '../../src/pipeline/stages.ts';
import { type LoopPorts, trainLoop } from '../../src/train/loop.ts';
import { monitorOf } from '../../src/train/monitor.ts';
import { planProbe } from '../../src/train/plan-probe.ts';
import { probe } from '../../src/train/probe.ts';
import { newProgress } from '../../src/train/progress.ts';
import { countOf } from './count.mjs';
import { median } from './timing.ts';

/*
 * What verdicts on a training cost: `npm run bench:diagnoses -- <rounds> [config...]`. The same training with and without the look at
 * units and gradients, in turn within each round, and the whole command (built: `npm run build`) after each; the look's time as a share of
 * that run's, and of its training's alone. No step carries statistics, so the share falls with the length of a training: large ones
 * are trained for two epochs and told for all of theirs, without the rest of the command.
 */
const [root, given, ...chosen] = process.argv.slice(2) as [string, ...string[]];
const rounds = countOf(given, 'rounds', 5);
const BAR = 0.03;
/** Millions of operations of a step, times epochs. */
const LONG = 20_000;

const names =
  chosen.length > 0 ? chosen : ['penguins', 'mnist-logistic', 'mnist-pca-mlp', 'mnist-mlp', 'mnist-cnn'];
for (const name of names) {
  const loaded = loadConfig(join(root, 'configs', `${name}.yaml`), { set: [] });
  const config = networkOf(loaded.config);
  const { data, plan } = await prepareExperiment(
    loaded,
    stages(() => {}),
  );
  const options = { threads: 2 };
  const flops = plan.programs.train!.steps.reduce((sum, step) => sum + step.flops, 0) / 1e6;
  const own = config.training.epochs;
  const epochs = flops * own > LONG ? 2 : own;

  const train = async (look: boolean) => {
    const progress = newProgress();
    const session = await onnxEngine.open(plan, initialState(plan), options);
    await session.prepare('train');
    const positions = inOrder(data.train.count);
    const ports: LoopPorts = {
      emit() {},
      checkpoint: async () => true,
      order: (epoch) => shuffled(positions, streamKey(plan.seed, 'shuffle', epoch)),
      scheduled: () => ({}),
      score: () => ({}),
      stopWhen: () => false,
      stopRequested: () => false,
      abandoned: () => false,
      now: () => performance.now(),
    };
    const settings = {
      ...monitorOf(null, data.validation.count > 0, metrics),
      epochs,
      patience: null,
      min_delta: 0,
      keep_best: false,
      restore_best: false,
      checkpoint_every: epochs,
    };
    const began = performance.now();
    await trainLoop(plan, session, data, settings, progress, null, ports);
    const trained = performance.now() - began;
    let looked = 0;
    if (look) {
      const start = performance.now();
      const planned = planProbe(config, plan, data);
      const signs = await probe(planned, data.train, onnxEngine, options, await session.readState());
      diagnose({
        gap: taskOf(config.task).defaults.gap,
        history: progress.history,
        firstLoss: progress.first_loss ?? null,
        peakLoss: progress.peak_loss ?? null,
        learningRate: config.optimizer.learning_rate,
        test: {},
        ...signs,
      });
      looked = performance.now() - start;
    }
    await session.close();
    return { trained, looked };
  };

  await train(true); // the first one loads and warms up
  const without: number[] = [];
  const withLook: number[] = [];
  const looks: number[] = [];
  const commands: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const look of round % 2 === 0 ? [false, true] : [true, false]) {
      const { trained, looked } = await train(look);
      (look ? withLook : without).push(trained + looked);
      if (look) looks.push(looked);
    }
    if (epochs === own) commands.push(command(name));
  }
  data.close();
  const training = (median(without) / epochs) * own;
  const run = commands.length > 0 ? median(commands) : training;
  const share = median(looks) / run;
  const verdict = share < BAR ? 'reached' : `above ${BAR * 100}%`;
  console.log(
    `${name}: ${epochs} of ${own} epochs ${median(without).toFixed(0)} ms without, ${median(withLook).toFixed(0)} ms with; ` +
      `the look ${Math.min(...looks).toFixed(1)} / ${median(looks).toFixed(1)} / ${Math.max(...looks).toFixed(1)} ms: ` +
      `${((100 * median(looks)) / training).toFixed(2)}% of the training, ${(100 * share).toFixed(2)}% of a run of ${run.toFixed(0)} ms: ${verdict}`,
  );
}

/** Milliseconds of the whole command. */
function command(name: string): number {
  const experiments = mkdtempSync(join(tmpdir(), 'mlx-bench-'));
  const began = performance.now();
  const file = join(root, 'configs', `${name}.yaml`);
  const args = [join(root, 'bin/mlx.js'), 'run', file, '--no-tui', '--experiments', experiments];
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  const time = performance.now() - began;
  rmSync(experiments, { recursive: true, force: true });
  if (status !== 0) throw new Error(`${name} ended with ${status}`);
  return time;
}
