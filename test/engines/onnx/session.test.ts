import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { RunInputs } from '../../../src/engines/engine.ts';
import { onnxEngine } from '../../../src/engines/onnx/index.ts';
import { compileModel } from '../../bench/models.ts';
import { difference, drawn, graphOf, planOf } from './plans.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

async function trained(threads: number): Promise<Buffer> {
  const model = compileModel(root, 'configs/mnist-cnn.yaml');
  const session = await onnxEngine.open(model.plan, model.state, { threads });
  for (let counter = 0; counter < 2; counter++) await session.run('train', model.inputs(counter));
  const state = await session.readState();
  await session.close();
  return Buffer.concat([...state.values()].map((v) => Buffer.from(v.buffer, v.byteOffset, v.byteLength)));
}

test('one thread and two give the same bits, run after run', async () => {
  const [one, two, again] = [await trained(1), await trained(2), await trained(2)];
  expect(two.equals(one)).toBe(true);
  expect(again.equals(two)).toBe(true);
}, 120_000);

test('a failure of ONNX Runtime is an engine error of one line', async () => {
  const graph = graphOf((g) => g.output('y', g.gather(g.input('t', [4, 2]), g.input('x', [1], 'i32'))));
  const session = await onnxEngine.open(planOf({ evaluate: graph }), new Map(), { threads: 1 });
  const inputs: RunInputs = {
    data: { t: drawn('t', [4, 2]), x: Int32Array.of(99) },
    scalars: {},
    counter: 0,
  };
  await expect(session.run('evaluate', inputs)).rejects.toMatchObject({
    name: 'MlxError',
    code: 'onnx-failed',
    exit: 4,
    message: expect.stringMatching(/^ONNX Runtime failed in evaluate: .{1,200}$/),
  });
  await session.close();
});

test('a state that a failed step would have replaced is kept', async () => {
  const graph = graphOf((g) => {
    const w = g.input('w', [4, 2]);
    g.output('w', g.add(w, 1));
    g.output('y', g.gather(w, g.input('x', [1], 'i32')));
  });
  const w = drawn('w', [4, 2]);
  const session = await onnxEngine.open(planOf({ train: graph }, { w: [4, 2] }), new Map([['w', w]]), {
    threads: 1,
  });
  const at = (row: number) => ({ data: { x: Int32Array.of(row) }, scalars: {}, counter: 0 });
  await expect(session.run('train', at(99))).rejects.toThrow();
  expect((await session.readState()).get('w')).toEqual(w);
  await session.run('train', at(1));
  expect((await session.readState()).get('w')).toEqual(w.map((v) => Math.fround(v + 1)));
  await session.close();
});

test('several steps in a call give the bits of single ones, losses and dropout masks too', async () => {
  const model = compileModel(root, 'configs/mnist-mlp.yaml');
  const repeat = model.plan.programs.train!.repeat!;
  expect(repeat).toBeGreaterThan(1);
  const inputs = Array.from({ length: repeat + 3 }, (_, i) => model.inputs(i));
  const bytes = (state: ReadonlyMap<string, Float32Array>) =>
    Buffer.concat([...state.values()].map((v) => Buffer.from(v.buffer, v.byteOffset, v.byteLength)));

  const single = await onnxEngine.open(model.plan, model.state, { threads: 1 });
  const losses: number[] = [];
  for (const step of inputs) losses.push((await single.run('train', step))['loss']![0]!);
  const want = bytes(await single.readState());
  await single.close();
  expect(new Set(losses).size).toBe(losses.length);

  const session = await onnxEngine.open(model.plan, model.state, { threads: 1 });
  const told: number[] = [];
  for (const step of inputs.slice(0, 2)) told.push((await session.run('train', step))['loss']![0]!);
  for (const one of await session.repeat!('train', inputs.slice(2, 2 + repeat))) told.push(one['loss']![0]!);
  for (const step of inputs.slice(2 + repeat)) told.push((await session.run('train', step))['loss']![0]!);
  expect(told).toEqual(losses);
  expect(bytes(await session.readState()).equals(want)).toBe(true);
  await session.close();
}, 60_000);

test('small states travel together: one that a program leaves alone stays, a large one is by itself', async () => {
  const shapes = { bias: [3], kernel: [2, 3], large: [80, 80] };
  const start = new Map(Object.entries(shapes).map(([name, shape]) => [name, drawn(name, shape)]));
  const train = graphOf((g) => {
    const [kernel, large] = [g.input('kernel', shapes.kernel), g.input('large', shapes.large)];
    g.output('kernel', g.add(kernel, g.input('x', [3])));
    g.output('large', g.mul(large, 2));
    g.output('total', g.sum(kernel));
  });
  const evaluate = graphOf((g) => g.output('y', g.neg(g.input('bias', shapes.bias))));
  const session = await onnxEngine.open(planOf({ train, evaluate }, shapes), start, { threads: 1 });
  const inputs = (...x: number[]) => ({ data: { x: Float32Array.from(x) }, scalars: {}, counter: 0 });
  await session.run('train', inputs(1, 2, 3));
  await session.repeat!('train', [inputs(10, 20, 30), inputs(0, 0, 1)]);
  const { y } = await session.run('evaluate', inputs());
  expect(y).toEqual(start.get('bias')!.map((v) => -v));
  const state = await session.readState();
  expect([...state.keys()]).toEqual(Object.keys(shapes));
  expect(state.get('bias')).toEqual(start.get('bias'));
  expect(
    difference(
      state.get('kernel')!,
      start.get('kernel')!.map((v, i) => v + [11, 22, 34][i % 3]!),
    ),
  ).toBeLessThan(1e-6);
  expect(state.get('large')).toEqual(start.get('large')!.map((v) => 8 * v));
  await session.writeState(start);
  expect(await session.readState()).toEqual(start);
  await session.close();
});

/** The C library that keeps what is freed; others have ways of their own. */
const glibc =
  process.platform === 'linux' &&
  'glibcVersionRuntime' in (process.report.getReport() as { header: object }).header;

test.runIf(glibc)('memory for the outputs of a call is not asked of the kernel anew each time', async () => {
  const shape = [1024, 1024];
  const graph = graphOf((g) => g.output('w', g.add(g.input('w', shape), 1)));
  const session = await onnxEngine.open(
    planOf({ train: graph }, { w: shape }),
    new Map([['w', drawn('w', shape)]]),
    {
      threads: 1,
    },
  );
  const calls = async (count: number) => {
    for (let counter = 0; counter < count; counter++)
      await session.run('train', { data: {}, scalars: {}, counter });
  };
  await calls(20);
  const before = process.resourceUsage().minorPageFault;
  await calls(50);
  const faults = (process.resourceUsage().minorPageFault - before) / 50;
  await session.close();
  expect(faults).toBeLessThan(500); // of 1,024 pages of 4 KiB
});
