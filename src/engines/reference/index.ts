import { sizeOf } from '../../base/shape.ts';
import { invariant } from '../../errors.ts';
import { graphToRun, type Plan, type ProgramName } from '../../plan/index.ts';
import type { EngineInfo } from '../../protocol/engine-info.ts';
import type { Engine, RunInputs, Session, State, Tensor } from '../engine.ts';
import { evaluateGraph } from './interpret.ts';

export { type EvaluateOptions, evaluateGraph, type MaskSource } from './interpret.ts';

const info: EngineInfo = { type: 'reference', provider: 'cpu', threads: 1, version: '1', options: {} };

/** Interprets plans in plain float64: slow, obvious, what the other engines are measured against. */
export const referenceEngine: Engine = {
  type: 'reference',
  tolerance: 0,
  open: async (plan, state) => new ReferenceSession(plan, state),
};

/** Keeps the state in float64 between runs, so that errors don't add up with the steps. */
class ReferenceSession implements Session {
  readonly info = info;
  private readonly plan: Plan;
  private state = new Map<string, Float64Array>();

  constructor(plan: Plan, state: State) {
    this.plan = plan;
    this.keep(state);
  }

  async prepare(program: ProgramName): Promise<void> {
    this.program(program);
  }

  async run(name: ProgramName, { data, scalars, counter }: RunInputs): Promise<Record<string, Tensor>> {
    const graph = graphToRun(this.program(name));
    const bound: Record<string, ArrayLike<number>> = { ...data };
    for (const [scalar, value] of Object.entries(scalars)) bound[scalar] = [value];
    for (const [tensor, value] of this.state) bound[tensor] = value;

    const outputs = evaluateGraph(graph, bound, { seed: this.plan.seed, counter });
    const results: Record<string, Tensor> = {};
    for (const { name: output, value } of graph.outputs) {
      const made = outputs[output]!;
      if (this.state.has(output)) this.state.set(output, made);
      else if (graph.nodes[value]!.dtype === 'f32') results[output] = Float32Array.from(made);
      else results[output] = Int32Array.from(made);
    }
    return results;
  }

  async readState(names = [...this.state.keys()]): Promise<State> {
    return new Map(names.map((name) => [name, Float32Array.from(this.state.get(name)!)]));
  }

  async writeState(state: State): Promise<void> {
    this.keep(state);
  }

  async close(): Promise<void> {}

  private program(name: ProgramName) {
    const program = this.plan.programs[name];
    invariant(program, `plan ${this.plan.name} has no program ${name}`);
    return program;
  }

  /** Takes a copy of every tensor that the plan names. */
  private keep(state: State): void {
    for (const { name, shape } of this.plan.state) {
      const value = state.get(name);
      invariant(value?.length === sizeOf(shape), `state ${name} needs ${sizeOf(shape)} values`);
      this.state.set(name, Float64Array.from(value));
    }
  }
}
