import { fillMask, streamKey } from '../../base/random.ts';
import { sizeOf } from '../../base/shape.ts';
import { invariant } from '../../errors.ts';
import { type BoundGraph, nodeOf, type ValueId } from '../../graph/index.ts';
import { graphToRun, type Plan, type ProgramName } from '../../plan/index.ts';
import type { EngineInfo } from '../../protocol/engine-info.ts';
import type { EngineOptions, RunInputs, Session, State, Tensor } from '../engine.ts';
import { assertRan } from './assert-ran.ts';
import { engineInfo } from './info.ts';
import { type Dialect, dialects } from './lower/index.ts';
import { type OpenGpu, openGpu } from './modes.ts';
import { GpuProgram } from './program.ts';

/**
 * Runs plans through gpu.js. The state lives here, on the host, and is handed to each step: gpu.js' pipelines
 * upload their arguments and read their results back once a call.
 */
export class GpuSession implements Session {
  readonly info: EngineInfo;
  private readonly dialect: Dialect;
  private readonly programs = new Map<ProgramName, GpuProgram>();
  private readonly state = new Map<string, Float32Array>();
  private closed = false;

  private constructor(
    private readonly opened: OpenGpu,
    private readonly plan: Plan,
    state: State,
    private readonly options: EngineOptions,
  ) {
    this.dialect = dialects[opened.mode];
    this.info = engineInfo(opened, options);
    this.fill(state);
  }

  static async open(plan: Plan, state: State, options: EngineOptions): Promise<Session> {
    const opened = await openGpu(options.mode, { threads: options.threads });
    return new GpuSession(opened, plan, state, options);
  }

  async prepare(name: ProgramName): Promise<void> {
    this.program(name);
  }

  async run(name: ProgramName, inputs: RunInputs): Promise<Record<string, Tensor>> {
    const program = this.program(name);
    const graph = this.graph(name);
    const given = new Map<ValueId, Float32Array>();
    for (const node of graph.nodes) {
      if (node.op === 'input') {
        const values = this.given(node.attrs.name, inputs);
        invariant(
          values.length === sizeOf(node.shape),
          `${name} wants ${node.attrs.name} [${node.shape.join(', ')}]`,
        );
        given.set(node.id, values);
      } else if (node.op === 'random_mask') {
        const { stream, rate } = node.attrs;
        const mask = new Float32Array(sizeOf(node.shape));
        fillMask(mask, streamKey(this.plan.seed, stream, inputs.counter), rate);
        given.set(node.id, mask);
      }
    }
    const values = await program.run(given);
    const results: Record<string, Tensor> = {};
    for (const [output, id] of program.outputs) {
      const value = values.get(id)!;
      if (this.state.has(output)) this.state.set(output, given.has(id) ? value.slice() : value);
      else if (nodeOf(graph, id).dtype === 'f32') results[output] = value;
      else results[output] = Int32Array.from(value);
    }
    return results;
  }

  async readState(names = [...this.state.keys()]): Promise<State> {
    return new Map(names.map((name) => [name, this.state.get(name)!.slice()]));
  }

  async writeState(state: State): Promise<void> {
    this.fill(state);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    for (const program of this.programs.values()) await program.close();
    this.programs.clear();
    this.state.clear();
    await this.opened.gpu.destroy();
  }

  /** An input by its name: a state, a batch or a scalar. i32 travels as float32, exact below 2^24. */
  private given(name: string, inputs: RunInputs): Float32Array {
    const state = this.state.get(name);
    if (state) return state;
    const data = inputs.data[name];
    if (data) return data instanceof Float32Array ? data : Float32Array.from(data);
    const scalar = inputs.scalars[name];
    invariant(scalar !== undefined, `the input ${name} is bound`);
    return Float32Array.of(scalar);
  }

  private fill(state: State): void {
    for (const { name, shape } of this.plan.state) {
      const values = state.get(name);
      invariant(values?.length === sizeOf(shape), `state ${name} has ${sizeOf(shape)} numbers`);
      this.state.set(name, values.slice());
    }
  }

  private graph(name: ProgramName): BoundGraph {
    const program = this.plan.programs[name];
    invariant(program, `the plan has a program ${name}`);
    return graphToRun(program);
  }

  private program(name: ProgramName): GpuProgram {
    let program = this.programs.get(name);
    if (!program) {
      const graph = this.graph(name);
      const { mode } = this.opened;
      const { allowFallback } = this.options;
      const { threads } = this.info;
      program = new GpuProgram(this.opened, graph, this.dialect, { threads }, (pipeline) =>
        assertRan(`the ${name} program`, pipeline, mode, allowFallback ?? false),
      );
      this.programs.set(name, program);
    }
    return program;
  }
}
