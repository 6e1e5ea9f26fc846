import { onnxEngine } from '../../src/engines/onnx/index.ts';
import { matmulWorkload } from '../../src/train/measured-plans.ts';
import { median } from './timing.ts';

/** The most GFLOP/s that this machine does in float32 through ONNX Runtime: a product of two large square matrices. */
export async function matmulPeak(threads: number): Promise<number> {
  const { plan, state, inputs, flops } = matmulWorkload(2048);
  const session = await onnxEngine.open(plan, state, { threads });
  const times: number[] = [];
  for (let i = 0; i < 12; i++) {
    const start = performance.now();
    await session.run('evaluate', inputs);
    if (i >= 2) times.push(performance.now() - start);
  }
  await session.close();
  return flops / median(times) / 1e6;
}
