import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ort from 'onnxruntime-node';
import { sizeOf } from '../../src/base/shape.ts';
import { lower } from '../../src/engines/onnx/lower/index.ts';
import { packed, placesOf } from '../../src/engines/onnx/pack.ts';
import { blockSize } from '../../src/engines/onnx/probe.ts';
import { type Runtime, sessionOptions } from '../../src/engines/onnx/runtime.ts';
import { unroll } from '../../src/engines/onnx/unroll.ts';
import { fixedShape } from '../../src/graph/index.ts';
import { countOf } from './count.mjs';
import { compileModel } from './models.ts';
import { rows } from './rows.ts';

/*
 * Where a step's time goes, by ONNX Runtime's own profiler: `npm run bench:profile -- <row> [threads] [fast | portable] [lines]`.
 */
const [root = '.', name = 'cnn', given, layout = 'fast', most] = process.argv.slice(2);
const threads = countOf(given, 'threads', 2);
const lines = countOf(most, 'lines', 25);
const { plan, state } = compileModel(root, rows.find((r) => r.name === name)!.config);
const block = layout === 'fast' ? await blockSize(ort as unknown as Runtime) : 0;
const train = plan.programs.train!;
const times = train.repeat ?? 1;
const names = {
  state: new Set(plan.state.map((s) => s.name)),
  scalars: new Set(plan.scalars.map((s) => s.name)),
};
const several = times > 1 ? unroll(train.graph, times, names) : train.graph;
const graph = packed(several, placesOf(plan.state));
const lowered = lower(graph, 'next:', { block });
const prefix = join(tmpdir(), `mlx-profile-${process.pid}`);
const session = await ort.InferenceSession.create(lowered.bytes, {
  ...sessionOptions(threads),
  enableProfiling: true,
  profileFilePrefix: prefix,
});
const feeds: Record<string, ort.Tensor> = {};
for (const { name: input, shape: sizes, dtype } of lowered.inputs) {
  const shape = fixedShape(sizes);
  const values =
    state.get(input) ?? new Float32Array(sizeOf(shape)).map((_, i) => ((i * 7919) % 1000) / 1000);
  feeds[input] =
    dtype === 'i32'
      ? new ort.Tensor(
          'int32',
          Int32Array.from({ length: sizeOf(shape) }, (_, i) => i % 10),
          shape,
        )
      : new ort.Tensor('float32', values, shape);
}
for (const { name: mask, shape } of lowered.masks)
  feeds[mask] = new ort.Tensor('float32', new Float32Array(sizeOf(shape)).fill(1), shape);
const runs = Math.max(5, Math.ceil(20 / times));
for (let i = 0; i < runs; i++) await session.run(feeds);
session.endProfiling();
await session.release();

interface Event {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly args: { op_name: string; output_type_shape?: Record<string, number[]>[] };
}
const folder = tmpdir();
const file = readdirSync(folder).find((f) => join(folder, f).startsWith(prefix))!;
const events = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Event[];
rmSync(join(folder, file));
const sums = new Map<string, { ms: number; count: number }>();
let total = 0;
for (const { cat, name: event, dur, args } of events) {
  if (cat !== 'Node' || !event.endsWith('_kernel_time')) continue;
  const shapes = (args.output_type_shape ?? []).map((o) => Object.values(o)[0]!.join('x')).join(', ');
  const key = `${args.op_name} [${shapes}]`;
  const sum = sums.get(key) ?? { ms: 0, count: 0 };
  sums.set(key, { ms: sum.ms + dur / 1000, count: sum.count + 1 });
  total += dur / 1000;
}
const perStep = runs * times;
console.log(`${name}, ${threads} threads: ${(total / perStep).toFixed(3)} ms of kernels a step`);
for (const [key, { ms, count }] of [...sums].sort((a, b) => b[1].ms - a[1].ms).slice(0, lines))
  console.log(
    `${(ms / perStep).toFixed(3).padStart(9)} ms  x${(count / perStep).toFixed(1).padStart(4)}  ${key}`,
  );
