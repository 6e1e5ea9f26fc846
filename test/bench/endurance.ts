import { onnxEngine } from '../../src/engines/onnx/index.ts';
import { compileModel } from './models.ts';
import { rows } from './rows.ts';

/*
 * Whether 2,000 steps keep the speed of the first hundred, and memory stays flat: `npm run bench:endurance -- [row...]`.
 * The convolutional network takes 16 images a step instead of 128, or it would be at it for minutes.
 */
const [root = '.', ...chosen] = process.argv.slice(2);
const STEPS = 2000;
const HUNDRED = 96; // a whole number of calls

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const names = chosen.length > 0 ? chosen : ['mlp-128', 'mlp'];
for (const row of rows.filter((r) => names.includes(r.name))) {
  const fewer = row.name.startsWith('cnn') ? 16 : null;
  const model = compileModel(root, row.config, fewer ? [`training.batch_size=${fewer}`] : []);
  const repeat = model.plan.programs.train!.repeat ?? 1;
  const session = await onnxEngine.open(model.plan, model.state, { threads: 2 });
  await session.prepare('train');
  const times: number[] = [];
  const memory: number[] = [];
  for (let step = 0; step < STEPS; step += repeat) {
    const inputs = Array.from({ length: repeat }, (_, k) => model.inputs(step + k));
    const start = performance.now();
    if (repeat > 1) await session.repeat!('train', inputs);
    else await session.run('train', inputs[0]!);
    times.push((performance.now() - start) / repeat);
    memory.push(process.memoryUsage.rss() / 1e6);
  }
  await session.close();
  const calls = HUNDRED / repeat;
  const parts = Array.from({ length: Math.floor(times.length / calls) }, (_, i) =>
    median(times.slice(i * calls, (i + 1) * calls)),
  );
  const at = (step: number) => memory[Math.floor(step / repeat)]!.toFixed(0);
  console.log(
    `${row.label}${fewer ? `, batch ${fewer}` : ''}: ${parts[0]!.toFixed(3)} ms a step in the first hundred, ${parts.at(-1)!.toFixed(3)} in the last, slowest ${Math.max(...parts).toFixed(3)}; ratio ${(parts.at(-1)! / parts[0]!).toFixed(2)}; ` +
      `RSS ${at(HUNDRED)} MB after a hundred, ${at(STEPS / 2)} after half, ${at(STEPS - 1)} in the end`,
  );
}
