import type { Graph, ValueId } from '../../graph/index.ts';
import { isTable, type Kernel } from './lower/index.ts';

/** Kernels that run as one pipeline of gpu.js, with what goes in and what must come out. */
export interface Stage {
  readonly kernels: readonly Kernel[];
  /** Values handed in, in the order of the pipeline's arguments. */
  readonly given: readonly ValueId[];
  /** Kernels whose values are read back. */
  readonly results: readonly Kernel[];
}

/**
 * A kernel whose results are quads must be the last of its pipeline, so its readers wait for the next one.
 * Constant tables are frozen into the pipelines and need no argument.
 */
export function stagesOf(graph: Graph, kernels: readonly Kernel[], outputs: ReadonlySet<ValueId>): Stage[] {
  const made = new Map(kernels.map((k) => [k.makes, k]));
  const level = new Map<ValueId, number>();
  for (const kernel of kernels) {
    let own = 0;
    for (const id of kernel.reads) {
      const source = made.get(id);
      if (source) own = Math.max(own, level.get(id)! + (source.quads ? 1 : 0));
    }
    level.set(kernel.makes, own);
  }
  const count = Math.max(0, ...[...level.values()].map((l) => l + 1));
  return Array.from({ length: count }, (_, stage): Stage => {
    const mine = kernels.filter((k) => level.get(k.makes) === stage);
    const here = new Set(mine.map((k) => k.makes));
    const reads = new Set(mine.flatMap((k) => k.reads));
    const given = [...reads].filter(
      (id) => !here.has(id) && !(id in graph.nodes && isTable(graph.nodes[id]!)),
    );
    const later = new Set(kernels.filter((k) => level.get(k.makes)! > stage).flatMap((k) => k.reads));
    const results = mine.filter((k) => outputs.has(k.makes) || later.has(k.makes));
    return { kernels: mine, given, results };
  });
}

export const shapeOf = (graph: Graph, kernels: ReadonlyMap<ValueId, Kernel>, id: ValueId) =>
  graph.nodes[id]?.shape ?? kernels.get(id)!.shape;
