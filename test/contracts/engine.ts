import { describe, expect, test } from 'vitest';
import { fillMask, normal, streamKey } from '../../src/base/random.ts';
import { sizeOf } from '../../src/base/shape.ts';
import type { Engine, EngineOptions, RunInputs, Session, State, Tensor } from '../../src/engines/engine.ts';
import { evaluateGraph } from '../../src/engines/reference/index.ts';
import { BATCH, bind, fixedShape, GraphBuilder, product } from '../../src/graph/index.ts';
import type { Plan, ProgramName } from '../../src/plan/index.ts';
import { primitivePlan, stateOf, trainingPlan } from './plans.ts';
import { type Case, primitives } from './primitives.ts';

/** Every engine passes this: the numbers of `evaluateGraph` within the engine's tolerance, and its promises. */
export function testEngine(engine: Engine, options: EngineOptions = { threads: 1 }): void {
  const name = [engine.type, options.mode, options.layout].filter(Boolean).join(' ');
  describe(`${name}: primitives`, () => {
    for (const [op, cases] of Object.entries(primitives)) {
      if (cases.length === 0) throw new Error(`${op} has no case`);
      test.each(cases.map((c) => [c.name, c] as const))(`${op}: %s`, (_, c) =>
        checkPrimitive(engine, options, c),
      );
    }
  });
  describe(`${name}: sessions`, () => {
    sessionTests(engine, options);
  });
}

async function checkPrimitive(engine: Engine, options: EngineOptions, c: Case): Promise<void> {
  const plan = primitivePlan(c);
  const values = Object.fromEntries(Object.entries(c.operands).map(([name, o]) => [name, o.values]));
  const { x, y } = values;
  const inputs = { data: { ...(x && { x }), ...(y && { y }) }, scalars: {}, counter: 3 };
  const session = await engine.open(plan, stateOf(c), options);
  const { scores } = await session.run('evaluate', inputs);
  const { graph } = plan.programs.evaluate!;
  const want = evaluateGraph(graph, values, { seed: plan.seed, counter: 3 })['scores']!;
  expectClose(scores!, want, engine.tolerance, 'scores');
  await session.close();
}

/** Within `tolerance` of the tensor's largest finite magnitude; what float32 can't hold is equal. */
function expectClose(got: Tensor, want: Float64Array, tolerance: number, what: string): void {
  expect(got.length, what).toBe(want.length);
  const rounded = Float32Array.from(want);
  const scale = rounded.reduce((max, v) => (Number.isFinite(v) ? Math.max(max, Math.abs(v)) : max), 0);
  rounded.forEach((value, i) => {
    if (got[i] === value || (Number.isNaN(got[i]) && Number.isNaN(value))) return;
    const error = Math.abs(got[i]! - value);
    const found = `${what}[${i}]: ${got[i]} against ${value}, largest ${scale}`;
    expect(error <= tolerance * scale, found).toBe(true);
  });
}

/** A batch and its bound numbers; the data arrays are the caller's and new each time. */
function batch(plan: Plan, program: ProgramName, counter: number): RunInputs {
  const data: Record<string, Tensor> = {};
  for (const { name, shape, dtype } of plan.programs[program]!.data) {
    const key = streamKey(1, `${program}/${name}`, counter);
    const values = Array.from({ length: sizeOf(fixedShape(shape)) }, (_, i) => normal(key, i));
    data[name] =
      dtype === 'i32' ? Int32Array.from(values, (v) => Math.abs(v) % 3) : Float32Array.from(values);
  }
  const scalars = { 'optimizer.learning_rate': 0.1 / (1 + counter), 'optimizer.momentum': 0.9 };
  return { data, scalars: program === 'evaluate' ? {} : scalars, counter };
}

/** Moments start at 0, weights at random. */
const initialState = (): State =>
  new Map(
    trainingPlan.state.map(({ name, shape, role }) => {
      const key = streamKey(2, name);
      return [
        name,
        Float32Array.from({ length: sizeOf(shape) }, (_, i) => (role === 'weight' ? normal(key, i) : 0)),
      ];
    }),
  );

/** What a session must do, by evaluating the graphs in float64 with the state carried by hand. */
function referee(plan: Plan, state: State) {
  const carried: Record<string, ArrayLike<number>> = Object.fromEntries(state);
  return {
    run(program: ProgramName, { data, scalars, counter }: RunInputs): Record<string, Float64Array> {
      const bound = Object.fromEntries(Object.entries(scalars).map(([name, v]) => [name, [v]]));
      const { graph } = plan.programs[program]!;
      const outputs = evaluateGraph(graph, { ...carried, ...data, ...bound }, { seed: plan.seed, counter });
      const results = Object.entries(outputs).filter(([name]) => !state.has(name));
      for (const name of state.keys()) if (outputs[name]) carried[name] = outputs[name];
      return Object.fromEntries(results);
    },
    state: carried,
  };
}

const copied = async (session: Session, program: ProgramName, inputs: RunInputs) =>
  Object.fromEntries(
    Object.entries(await session.run(program, inputs)).map(([name, value]) => [name, value.slice()]),
  );
const bits = (values: Iterable<readonly [string, Tensor]>) =>
  [...values].map(([name, v]) => [name, [...new Uint32Array(v.slice().buffer)]] as const).sort(byName);
const byName = (a: readonly [string, unknown], b: readonly [string, unknown]) => (a[0] < b[0] ? -1 : 1);

function sessionTests(engine: Engine, options: EngineOptions): void {
  const open = (state = initialState()) => engine.open(trainingPlan, state, options);
  const schedule: readonly ProgramName[] = [
    'train',
    'evaluate',
    'train',
    'train_tail',
    'evaluate',
    'train',
    'evaluate',
  ];

  test('says what runs', async () => {
    const session = await open();
    expect(session.info.type).toBe(engine.type);
    expect(session.info.provider).not.toBe('');
    expect(session.info.threads).toBeGreaterThanOrEqual(1);
    expect(session.info.version).not.toBe('');
    await session.close();
  });

  test('carries its state over runs and programs', async () => {
    const session = await open();
    const expected = referee(trainingPlan, initialState());
    for (const [counter, program] of schedule.entries()) {
      const inputs = batch(trainingPlan, program, counter);
      const got = await copied(session, program, inputs);
      const want = expected.run(program, inputs);
      // results only: next states stay on the engine's side
      expect(Object.keys(got).sort()).toEqual(Object.keys(want).sort());
      for (const [name, value] of Object.entries(want)) {
        expectClose(got[name]!, value, engine.tolerance * 10, `${program} ${counter}: ${name}`);
      }
    }
    const state = await session.readState();
    expect([...state.keys()].sort()).toEqual(trainingPlan.state.map((s) => s.name).sort());
    for (const [name, value] of state) {
      expectClose(value, Float64Array.from(expected.state[name]!), engine.tolerance * 10, name);
    }
    await session.close();
  });

  test('gives the same bits again, prepared or not', async () => {
    const runs = [];
    for (const prepared of [false, true]) {
      const session = await open();
      if (prepared)
        for (const program of ['train_tail', 'evaluate', 'train'] as const) await session.prepare(program);
      const results = [];
      for (const [counter, program] of schedule.entries()) {
        const inputs = batch(trainingPlan, program, counter);
        results.push(bits(Object.entries(await copied(session, program, inputs))));
      }
      runs.push({ results, state: bits(await session.readState()) });
      await session.close();
    }
    expect(runs[1]).toEqual(runs[0]);
  });

  test('takes any number of inputs by name, of any rank and type', async () => {
    const plan = primitivePlan({
      name: 'fields',
      operands: { x: { shape: [1], values: new Float32Array(1) } },
      build: (_, { x }) => x!,
    });
    const shapes = {
      photo: [2, 4, 3, 2],
      words: [2, 5],
      table: [2, 3],
      present: [2, 5],
      count: [2],
    } as const;
    const whole = ['words', 'count'];
    const g = new GraphBuilder();
    const input = (name: keyof typeof shapes) =>
      g.input(name, shapes[name], whole.includes(name) ? 'i32' : 'f32');
    const said = g.mul(g.cast(input('words'), 'f32'), input('present'));
    const pooled = g.sum(input('photo'), [1, 2]);
    const joined = g.concat([pooled, input('table'), said], 1);
    g.output('scores', g.mul(joined, g.spread(g.cast(input('count'), 'f32'), [1], joined.shape)));
    g.output('image', g.neg(g.reshape(joined, [2, 5, 2])));
    const graph = g.finish();
    const data = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => {
        const values = Float32Array.from({ length: sizeOf(shape) }, (_, i) => normal(streamKey(4, name), i));
        return [name, whole.includes(name) ? Int32Array.from(values, (v) => Math.round(3 * v)) : values];
      }),
    );
    const program = { ...plan.programs.evaluate!, graph, batch: 2 };
    const session = await engine.open({ ...plan, programs: { evaluate: program } }, new Map(), options);
    const found = await session.run('evaluate', { data, scalars: {}, counter: 0 });
    for (const [name, values] of Object.entries(evaluateGraph(graph, data)))
      expectClose(found[name]!, values, engine.tolerance, name);
    await session.close();
  });

  test('runs a program of symbolic batch with the batch of the program', async () => {
    const plan = primitivePlan({
      name: 'rows',
      operands: { x: { shape: [3, 5], values: new Float32Array(15) } },
      build: (_, { x }) => x!,
    });
    const g = new GraphBuilder();
    const x = g.input('x', [BATCH, 5]);
    const flat = g.reshape(g.tanh(x), [product([BATCH, 5])]);
    g.output('scores', g.sub(g.reshape(flat, [BATCH, 5]), g.spread(g.mean(x, [0]), [0], [BATCH, 5])));
    const graph = g.finish();
    for (const batch of [3, 4]) {
      const program = { ...plan.programs.evaluate!, graph, batch };
      const session = await engine.open({ ...plan, programs: { evaluate: program } }, new Map(), options);
      const values = Float32Array.from({ length: batch * 5 }, (_, i) => normal(streamKey(3, 'rows'), i));
      const { scores } = await session.run('evaluate', { data: { x: values }, scalars: {}, counter: 0 });
      const want = evaluateGraph(bind(graph, { batch }), { x: values })['scores']!;
      expectClose(scores!, want, engine.tolerance, `a batch of ${batch}`);
      await session.close();
    }
  });

  test('evaluation changes no state', async () => {
    const session = await open();
    const before = bits(await session.readState());
    await session.run('evaluate', batch(trainingPlan, 'evaluate', 0));
    expect(bits(await session.readState())).toEqual(before);
    await session.close();
  });

  test('reads back what was written, bit for bit, and goes on from there', async () => {
    const session = await open();
    expect(bits(await session.readState())).toEqual(bits(initialState()));
    await session.run('train', batch(trainingPlan, 'train', 0));
    const saved = await session.readState();
    const next = async (s: Session) =>
      bits(Object.entries(await copied(s, 'evaluate', batch(trainingPlan, 'evaluate', 1))));
    await session.writeState(saved);
    expect(bits(await session.readState())).toEqual(bits(saved));
    const [one] = [...saved.keys()].slice(-1) as [string];
    expect(bits(await session.readState([one]))).toEqual(bits(new Map([[one, saved.get(one)!]])));
    const resumed = await open(saved);
    expect(await next(resumed)).toEqual(await next(session));
    await session.close();
    await resumed.close();
  });

  test('keeps its own copies of states and of data', async () => {
    const [given, untouched] = [initialState(), initialState()];
    const session = await open(given);
    for (const tensor of given.values()) tensor.fill(Number.NaN);
    expect(bits(await session.readState())).toEqual(bits(untouched));
    for (const tensor of (await session.readState()).values()) tensor.fill(Number.NaN);

    const written = initialState();
    await session.writeState(written);
    for (const tensor of written.values()) tensor.fill(Number.NaN);
    const inputs = batch(trainingPlan, 'evaluate', 0);
    const first = bits(Object.entries(await copied(session, 'evaluate', inputs)));
    for (const tensor of Object.values(inputs.data)) tensor.fill(0);
    const second = await copied(session, 'evaluate', batch(trainingPlan, 'evaluate', 0));
    expect(bits(Object.entries(second))).toEqual(first);
    expect(bits(await session.readState())).toEqual(bits(untouched));
    await session.close();
  });

  test('masks are the bits of base/random, by stream and counter', async () => {
    for (const [rate, shape] of [
      [0.5, [5, 7]],
      [0.1, [2, 3, 4]],
      [0.25, [1]],
      [0, [9]],
    ] as const) {
      const plan = primitivePlan({
        name: 'mask',
        operands: { x: { shape, values: new Float32Array(sizeOf(shape)).fill(1) } },
        build: (g, { x }) => g.mul(x!, g.randomMask('dropout/dropout_3', rate, shape)),
      });
      const session = await engine.open(plan, new Map(), options);
      for (const counter of [0, 1, 70000]) {
        const data = { x: new Float32Array(sizeOf(shape)).fill(1) };
        const { scores } = await session.run('evaluate', { data, scalars: {}, counter });
        const want = new Float32Array(sizeOf(shape));
        fillMask(want, streamKey(plan.seed, 'dropout/dropout_3', counter), rate);
        expect([...scores!]).toEqual([...want]);
      }
      await session.close();
    }
  });

  test('closes twice without harm', async () => {
    const session = await open();
    await session.run('evaluate', batch(trainingPlan, 'evaluate', 0));
    await session.close();
    await session.close();
    const unused = await open();
    await unused.close();
    await unused.close();
  });
}
