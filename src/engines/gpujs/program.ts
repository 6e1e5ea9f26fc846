import type { IKernelRunShortcut } from 'gpu.js';
import { item } from '../../base/item.ts';
import { engineError } from '../../errors.ts';
import type { BoundGraph, ValueId } from '../../graph/index.ts';
import { firstLine } from '../first-line.ts';
import { flat, type Nested } from './arrays.ts';
import { type Dialect, isTable, type Kernel, lower, viewOf } from './lower/index.ts';
import type { OpenGpu } from './modes.ts';
import { type Stage, shapeOf, stagesOf } from './stages.ts';

/** A pipeline of gpu.js, whose typings leave out what tells how it ran. */
interface Pipeline {
  (...args: unknown[]): Promise<Nested[]>;
  destroy?(): Promise<void> | void;
}
type Handle = unknown;

/** One program of a plan as pipelines of gpu.js. */
export class GpuProgram {
  readonly outputs: ReadonlyMap<string, ValueId>;
  private readonly stages: readonly (Stage & { readonly pipeline: Pipeline })[];
  private readonly owners: ReadonlyMap<ValueId, ValueId>;
  private readonly kernels: ReadonlyMap<ValueId, Kernel>;
  private checked = false;

  constructor(
    private readonly opened: OpenGpu,
    private readonly graph: BoundGraph,
    dialect: Dialect,
    options: { readonly threads: number },
    private readonly check: (pipeline: object) => void,
  ) {
    const { kernels, given, outputs } = lower(graph, dialect);
    this.outputs = outputs;
    this.owners = given;
    this.kernels = new Map(kernels.map((k) => [k.makes, k]));
    const made = this.createKernels(kernels);
    this.stages = stagesOf(graph, kernels, new Set(outputs.values()), options.threads).map((stage) => ({
      ...stage,
      pipeline: this.createPipeline(stage, made),
    }));
  }

  /**
   * Runs all pipelines, one after the other.
   * @param given row-major values of each input, mask and scalar, by node
   * @returns the values of the graph's outputs by node, each row-major
   */
  async run(given: ReadonlyMap<ValueId, Float32Array>): Promise<ReadonlyMap<ValueId, Float32Array>> {
    const values = new Map(given);
    for (const stage of this.stages) {
      const args = stage.given.map((id) => this.input(id, values.get(this.owners.get(id) ?? id)!));
      let results: Nested[];
      try {
        results = await stage.pipeline(...args);
      } catch (error) {
        throw engineError('gpujs-failed', `gpu.js failed on ${this.opened.mode}: ${firstLine(error)}`, {
          cause: error,
        });
      }
      if (!this.checked) this.check(stage.pipeline);
      stage.results.forEach((kernel, i) => {
        values.set(kernel.makes, flat(item(results, i), kernel));
      });
    }
    this.checked = true;
    return values;
  }

  async close(): Promise<void> {
    for (const { pipeline } of this.stages) await pipeline.destroy?.();
  }

  private input(id: ValueId, values: Float32Array): unknown {
    return new this.opened.gpujs.Input(
      values as never,
      [...viewOf(shapeOf(this.graph, this.kernels, id))] as never,
    );
  }

  /** Kernels with the same source and size, as an optimizer's updates, are one. */
  private createKernels(kernels: readonly Kernel[]): Map<ValueId, IKernelRunShortcut> {
    const known = new Map<string, IKernelRunShortcut>();
    const made = new Map<ValueId, IKernelRunShortcut>();
    for (const { makes, source, output } of kernels) {
      const key = `${output.join('x')} ${source}`;
      let kernel = known.get(key);
      if (!kernel) {
        kernel = this.opened.gpu.createKernel(
          source as never,
          {
            output: [...output],
            loopMaxIterations: 1e7,
            precision: 'single',
          } as never,
        ) as unknown as IKernelRunShortcut;
        known.set(key, kernel);
      }
      made.set(makes, kernel);
    }
    return made;
  }

  private createPipeline(stage: Stage, made: ReadonlyMap<ValueId, IKernelRunShortcut>): Pipeline {
    const tables = new Map(
      [...new Set(stage.kernels.flatMap((k) => k.reads))]
        .flatMap((id) => this.graph.nodes[id] ?? [])
        .filter(isTable)
        .map((node): [ValueId, Handle] => [node.id, this.input(node.id, Float32Array.from(node.attrs.data))]),
    );
    // Called once, with handles instead of tensors: gpu.js records which kernel reads what.
    const record = (...handles: Handle[]): Handle[] => {
      const values = new Map<ValueId, Handle>(tables);
      stage.given.forEach((id, i) => {
        values.set(id, handles[i]);
      });
      for (const kernel of stage.kernels) {
        const run = made.get(kernel.makes) as unknown as (...args: Handle[]) => Handle;
        values.set(kernel.makes, run(...kernel.reads.map((id) => values.get(id))));
      }
      return stage.results.map((kernel) => values.get(kernel.makes));
    };
    // gpu.js makes as many handles as the function names parameters.
    Object.defineProperty(record, 'length', { value: stage.given.length });
    const { gpu } = this.opened as unknown as {
      gpu: { createPipeline(record: unknown, settings: object): Pipeline };
    };
    return gpu.createPipeline(record, { threads: stage.threads });
  }
}
