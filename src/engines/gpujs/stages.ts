import { sizeOf } from '../../base/shape.ts';
import { type BoundGraph, nodeOf, type ValueId } from '../../graph/index.ts';
import { isTable, type Kernel } from './lower/index.ts';

/** Kernels that run as one pipeline of gpu.js, with what goes in and what must come out. */
export interface Stage {
  readonly kernels: readonly Kernel[];
  /** Values handed in, in the order of the pipeline's arguments. */
  readonly given: readonly ValueId[];
  /** Kernels whose values are read back. */
  readonly results: readonly Kernel[];
  /** Whether it has work enough for several threads. */
  readonly threads: boolean;
}

/** Statements from which on a second thread saves more than the barrier after a kernel costs. */
const HEAVY = 500_000;

/*
 * What a partition costs beside the work itself, in microseconds, measured on webasm with 2 threads: threads
 * meet after each kernel; a pipeline is dispatched; its arguments are copied twice and its results once.
 */
const BARRIER = 150;
const DISPATCH = 300;
const PER_BYTE = 0.0003;

/**
 * Cuts a program's kernels into pipelines. A kernel whose results are quads must be the last of its pipeline,
 * so its readers wait for the next one. With several threads, runs of small kernels get pipelines of their
 * own, on one thread and without barriers, where that is cheaper. The cut changes no bits.
 */
export function stagesOf(
  graph: BoundGraph,
  kernels: readonly Kernel[],
  outputs: ReadonlySet<ValueId>,
  threads: number,
): Stage[] {
  const together = partition(graph, kernels, outputs, () => true);
  if (threads === 1) return together.map((stage) => ({ ...stage, threads: false }));
  const heavy = heavyOnes(kernels, outputs);
  const apart = partition(graph, kernels, outputs, (kernel) => heavy.has(kernel.makes));
  const sizes = new Map(kernels.map((k) => [k.makes, sizeOf(k.shape)]));
  const bytes = (id: ValueId) => 4 * (sizes.get(id) ?? sizeOf(nodeOf(graph, id).shape));
  const cost = (stages: readonly Stage[]) =>
    stages.reduce((sum, { kernels, given, results, threads }) => {
      const copied = 2 * total(given.map(bytes)) + total(results.map((k) => bytes(k.makes)));
      return sum + (threads ? DISPATCH + BARRIER * kernels.length : 0) + PER_BYTE * copied;
    }, 0);
  return cost(apart) < cost(together) ? apart : together;
}

/** Kernels with work enough, and those that only these read: they need no pipeline of their own. */
function heavyOnes(kernels: readonly Kernel[], outputs: ReadonlySet<ValueId>): Set<ValueId> {
  const heavy = new Set<ValueId>();
  for (const { makes, work } of [...kernels].reverse()) {
    const readers = kernels.filter((k) => k.reads.includes(makes));
    const inside = !outputs.has(makes) && readers.every((k) => heavy.has(k.makes));
    if (work >= HEAVY || inside) heavy.add(makes);
  }
  return heavy;
}

const total = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** Stages in turn for threaded kernels and others, each kernel as early as what it reads allows. */
function partition(
  graph: BoundGraph,
  kernels: readonly Kernel[],
  outputs: ReadonlySet<ValueId>,
  threaded: (kernel: Kernel) => boolean,
): Stage[] {
  const quads = new Set(kernels.filter((k) => k.quads).map((k) => k.makes));
  const stageOf = new Map<ValueId, number>();
  for (const kernel of kernels) {
    let stage = 0;
    for (const id of kernel.reads) {
      const source = stageOf.get(id);
      if (source !== undefined) stage = Math.max(stage, source + (quads.has(id) ? 1 : 0));
    }
    if ((stage % 2 === 0) !== threaded(kernel)) stage++;
    stageOf.set(kernel.makes, stage);
  }
  const used = [...new Set(stageOf.values())].sort((a, b) => a - b);
  return used.map((stage): Stage => {
    const mine = kernels.filter((k) => stageOf.get(k.makes) === stage);
    const made = new Set(mine.map((k) => k.makes));
    const given = new Set(
      mine.flatMap((k) => k.reads).filter((id) => !made.has(id) && !isConstant(graph, id)),
    );
    const later = new Set(kernels.filter((k) => stageOf.get(k.makes)! > stage).flatMap((k) => k.reads));
    const results = mine.filter((k) => outputs.has(k.makes) || later.has(k.makes));
    return { kernels: mine, given: [...given], results, threads: stage % 2 === 0 };
  });
}

/** Frozen into the pipelines that read it, so no argument. */
const isConstant = (graph: BoundGraph, id: ValueId): boolean => {
  const node = graph.nodes[id];
  return node !== undefined && isTable(node);
};

export const shapeOf = (graph: BoundGraph, kernels: ReadonlyMap<ValueId, Kernel>, id: ValueId) =>
  graph.nodes[id]?.shape ?? kernels.get(id)!.shape;
