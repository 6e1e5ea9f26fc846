import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { fillMask, streamKey } from '../../base/random.ts';
import { type Shape, sizeOf } from '../../base/shape.ts';
import { engineError, invariant } from '../../errors.ts';
import { type DType, fixedShape } from '../../graph/index.ts';
import { graphToRun, type Plan, type ProgramName } from '../../plan/index.ts';
import type { EngineInfo } from '../../protocol/engine-info.ts';
import type { EngineOptions, RunInputs, Session, State, Tensor } from '../engine.ts';
import { firstLine } from '../first-line.ts';
import { rewrite, translate } from './lower/index.ts';
import { type Place, packed, placesOf, portsOf } from './pack.ts';
import { blockSize, hasConvolutions } from './probe.ts';
import { loadRuntime, type Runtime, sessionOptions } from './runtime.ts';
import { dataPort, isStacked, unroll } from './unroll.ts';

/** A state tensor, twice: the model reads one copy while it writes the other. */
interface Slot {
  current: OrtTensor;
  next: OrtTensor;
}
interface Mask {
  /** Which of a run's steps it belongs to. */
  readonly time: number;
  readonly stream: string;
  readonly rate: number;
  readonly values: Float32Array;
}
interface Data {
  readonly port: string;
  readonly name: string;
  readonly time: number;
  readonly shape: Shape;
  readonly dtype: DType;
  /** Where its values go, if those of all times are one tensor. */
  readonly into?: Tensor;
}
/**
 * A compiled program for one number of steps a call. Its tensors are allocated once, so that a step allocates
 * nothing large.
 */
interface Compiled {
  readonly session: InferenceSession;
  /** Tensors of masks, scalars and stacked data stay; those of state and other data change. */
  readonly feeds: Record<string, OrtTensor>;
  readonly fetches: Record<string, OrtTensor>;
  readonly state: readonly string[];
  readonly scalars: readonly { readonly name: string; readonly values: Float32Array }[];
  readonly data: readonly Data[];
  readonly masks: readonly Mask[];
  readonly next: readonly { readonly name: string; readonly port: string }[];
  /** One for each time. */
  readonly results: readonly Readonly<Record<string, Tensor>>[];
}

const NEXT = 'next:';

export class OnnxSession implements Session {
  readonly info: EngineInfo;
  /** By the ports of the state. */
  private readonly slots = new Map<string, Slot>();
  private readonly places: ReadonlyMap<string, Place>;
  private readonly compiled = new Map<string, Promise<Compiled>>();

  private constructor(
    private readonly runtime: Runtime,
    private readonly plan: Plan,
    state: State,
    private readonly options: EngineOptions,
    /** Channels of a block, 0 for the portable layout. */
    private readonly block: number,
  ) {
    const { graphOptimizationLevel } = sessionOptions(options.threads);
    this.info = {
      type: 'onnx',
      provider: 'cpu',
      threads: options.threads,
      version: runtime.env.versions.node ?? runtime.env.versions.common,
      options: {
        layout: block > 0 ? `blocked ${block}` : 'portable',
        optimization: graphOptimizationLevel,
      },
    };
    this.places = placesOf(plan.state);
    for (const [port, shape] of portsOf(this.places)) {
      const make = () => this.tensor('f32', shape);
      this.slots.set(port, { current: make(), next: make() });
    }
    this.fill(state);
  }

  static async open(plan: Plan, state: State, options: EngineOptions): Promise<Session> {
    const runtime = await loadRuntime();
    const fast = options.layout !== 'portable' && hasConvolutions(plan);
    return new OnnxSession(runtime, plan, state, options, fast ? await blockSize(runtime) : 0);
  }

  async prepare(name: ProgramName): Promise<void> {
    await this.program(name, this.plan.programs[name]?.repeat ?? 1);
  }

  async run(name: ProgramName, inputs: RunInputs): Promise<Record<string, Tensor>> {
    const [results = {}] = await this.repeat(name, [inputs]);
    return results;
  }

  async repeat(name: ProgramName, steps: readonly RunInputs[]): Promise<Record<string, Tensor>[]> {
    const program = await this.program(name, steps.length);
    const { feeds, fetches } = program;
    const at = (time: number): RunInputs => {
      const step = steps[time];
      invariant(step, `${name} has ${steps.length} steps`);
      return step;
    };
    for (const state of program.state) feeds[state] = this.slot(state).current;
    for (const { port, name: data, time, shape, dtype, into } of program.data) {
      const values = at(time).data[data];
      invariant(values?.length === sizeOf(shape), `${name} wants ${data} [${shape.join(', ')}]`);
      if (into) into.set(values);
      else feeds[port] = this.tensor(dtype, shape, values);
    }
    for (const { name: scalar, values } of program.scalars) {
      steps.forEach(({ scalars }, time) => {
        const value = scalars[scalar];
        invariant(value !== undefined, `${name} wants the scalar ${scalar}`);
        values[time] = value;
      });
    }
    for (const { time, stream, rate, values } of program.masks) {
      fillMask(values, streamKey(this.plan.seed, stream, at(time).counter), rate);
    }
    for (const { name: state, port } of program.next) fetches[port] = this.slot(state).next;
    try {
      await program.session.run(feeds, fetches);
    } catch (error) {
      throw engineError('onnx-failed', `ONNX Runtime failed in ${name}: ${firstLine(error)}`, {
        cause: error,
      });
    }
    for (const { name: state } of program.next) {
      const slot = this.slot(state);
      [slot.current, slot.next] = [slot.next, slot.current];
    }
    return program.results.map((results) => ({ ...results }));
  }

  async readState(names = [...this.places.keys()]): Promise<State> {
    return new Map(
      names.map((name) => {
        const place = this.places.get(name);
        invariant(place, `the plan has the state ${name}`);
        return [name, this.at(place).slice()];
      }),
    );
  }

  async writeState(state: State): Promise<void> {
    this.fill(state);
  }

  async close(): Promise<void> {
    const programs = [...this.compiled.values()];
    this.compiled.clear();
    this.slots.clear();
    // One that failed to compile has been reported already.
    for (const program of programs) await program.then((p) => p.session.release()).catch(() => {});
  }

  private fill(state: State): void {
    for (const [name, place] of this.places) {
      const values = state.get(name);
      const target = this.at(place);
      invariant(values?.length === target.length, `state ${name} has ${target.length} numbers`);
      target.set(values);
    }
  }

  private slot(port: string): Slot {
    const slot = this.slots.get(port);
    invariant(slot, `the plan has the state ${port}`);
    return slot;
  }

  /** The numbers of a state tensor where they lie now. */
  private at({ port, offset, shape }: Place): Float32Array {
    const { data } = this.slot(port).current;
    return (data as Float32Array).subarray(offset, offset + sizeOf(shape));
  }

  private program(name: ProgramName, times: number): Promise<Compiled> {
    const key = `${name} ${times}`;
    let program = this.compiled.get(key);
    if (!program) {
      program = this.compile(name, times);
      this.compiled.set(key, program);
    }
    return program;
  }

  private async compile(name: ProgramName, times: number): Promise<Compiled> {
    const program = this.plan.programs[name];
    invariant(program, `the plan has a program ${name}`);
    const scalarNames = new Set(this.plan.scalars.map((s) => s.name));
    const names = { state: new Set(this.places.keys()), scalars: scalarNames };
    const own = graphToRun(program);
    const once = rewrite(own);
    const several = times > 1 ? unroll(once, times, names) : once;
    const graph = packed(several, this.places);
    const lowered = translate(graph, NEXT, { block: this.block });
    let session: InferenceSession;
    try {
      session = await this.runtime.InferenceSession.create(
        lowered.bytes,
        sessionOptions(this.options.threads),
      );
    } catch (error) {
      throw engineError('onnx-failed', `ONNX Runtime can't load ${name}: ${firstLine(error)}`, {
        cause: error,
      });
    }
    const inputs = new Map(lowered.inputs.map((i) => [i.name, i]));
    const feeds: Record<string, OrtTensor> = {};
    const fetches: Record<string, OrtTensor> = {};
    const scalars = [...inputs.values()]
      .filter((i) => scalarNames.has(i.name))
      .map(({ name: scalar, shape, dtype }) => {
        const tensor = this.tensor(dtype, fixedShape(shape));
        feeds[scalar] = tensor;
        return { name: scalar, values: tensor.data as Float32Array };
      });
    const data: Data[] = [];
    for (const { op, attrs, shape, dtype } of own.nodes) {
      if (op !== 'input' || this.places.has(attrs.name) || scalarNames.has(attrs.name)) continue;
      const { name: given } = attrs;
      const stacked =
        times > 1 && isStacked(shape) && inputs.has(given)
          ? this.tensor(dtype, [times, ...shape])
          : undefined;
      if (stacked) feeds[given] = stacked;
      for (let time = 0; time < times; time++) {
        const port = times > 1 && !stacked ? dataPort(given, time) : given;
        if (!inputs.has(port)) continue;
        const size = sizeOf(shape);
        const into = (stacked?.data as Tensor | undefined)?.subarray(time * size, (time + 1) * size);
        data.push({ port, name: given, time, shape, dtype, into });
      }
    }
    const each = lowered.masks.length / times;
    const masks = lowered.masks.map(({ name: mask, stream, rate, shape }, i) => {
      const tensor = this.tensor('f32', shape);
      feeds[mask] = tensor;
      return { time: Math.floor(i / each), stream, rate, values: tensor.data as Float32Array };
    });
    const results = Array.from({ length: times }, (): Record<string, Tensor> => ({}));
    for (const { name: result, port, shape, dtype } of lowered.outputs) {
      if (this.slots.has(result)) continue;
      const tensor = this.tensor(dtype, fixedShape(shape));
      fetches[port] = tensor;
      const values = tensor.data as Tensor;
      const size = values.length / times;
      results.forEach((one, time) => {
        one[result] = values.subarray(time * size, (time + 1) * size);
      });
    }
    return {
      session,
      feeds,
      fetches,
      state: lowered.inputs.filter((i) => this.slots.has(i.name)).map((i) => i.name),
      scalars,
      data,
      masks,
      next: lowered.outputs.filter((o) => this.slots.has(o.name)),
      results,
    };
  }

  private tensor(dtype: DType, shape: Shape, values?: Tensor): OrtTensor {
    invariant(dtype !== 'bool', 'no bool crosses the border of a program');
    const { Tensor: Ort } = this.runtime;
    return dtype === 'f32'
      ? new Ort('float32', (values as Float32Array) ?? new Float32Array(sizeOf(shape)), shape)
      : new Ort('int32', (values as Int32Array) ?? new Int32Array(sizeOf(shape)), shape);
  }
}
