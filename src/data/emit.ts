import type { Fitted } from '../catalog/transforms/index.ts';
import { WORD } from '../catalog/transforms/vectorize/words-of.ts';
import type { GraphBuilder, Node } from '../graph/index.ts';
import type { Column } from '../readers/raw-data.ts';
import type { FittedTransform } from './columns.ts';

/** What an exported model takes for one column of the source: one number, or the counts of a text's words. */
export interface ModelInput extends Column {
  /** Of text. */
  readonly words?: readonly string[];
  /**
   * How words are found: matches of the pattern in the lower-case text without stop words, joined to n-grams
   * of the sizes in `ngrams`.
   */
  readonly pattern?: string;
  readonly stop_words?: readonly string[];
  readonly ngrams?: readonly [number, number];
}

/**
 * The inputs of an exported model, in order: a graph can't read texts, so it takes the counts of their words.
 */
export function modelInputs(
  columns: readonly Column[],
  transforms: readonly FittedTransform[],
): readonly ModelInput[] {
  if (!columns.some(({ kind }) => kind === 'text')) return columns;
  const texts = new Map<string, Omit<ModelInput, keyof Column>>();
  let before = columns;
  for (const { fitted, layout, columns: after } of transforms) {
    const { vocabularies = [], ...rules } = fitted.text ?? {};
    vocabularies.forEach((words, j) => {
      texts.set(before[layout!.selected[j]!]!.name, { words, pattern: WORD.source, ...rules });
    });
    before = after ?? before;
  }
  return columns.map(({ name, kind, ...rest }) =>
    kind === 'text' ? { name, kind, words: [], ...texts.get(name) } : { name, kind, ...rest },
  );
}

const widthOf = ({ words }: ModelInput): number => words?.length ?? 1;

/** Numbers that an exported model takes for each example. */
export const modelWidth = (inputs: readonly ModelInput[]): number =>
  inputs.reduce((sum, input) => sum + widthOf(input), 0);

/**
 * The fitted transforms as graph nodes, for an exported model.
 * @param x f32 `[batch, ...shape]` of the source; of a table `[batch, modelWidth]`
 */
export function emitTransforms(
  g: GraphBuilder,
  x: Node,
  transforms: readonly FittedTransform[],
  columns?: readonly Column[],
): Node {
  let widths = columns && modelInputs(columns, transforms).map(widthOf);
  let value = x;
  for (const step of transforms) {
    value = emitTransform(g, value, step, widths);
    const { layout } = step;
    if (widths && layout) {
      const before: readonly number[] = widths;
      widths = layout.order.map((o) => ('kept' in o ? before[o.kept]! : 1));
    }
  }
  return value;
}

function emitTransform(
  g: GraphBuilder,
  x: Node,
  { entry, fitted, layout }: FittedTransform,
  widths: readonly number[] | undefined,
): Node {
  if (!layout) return entry.emit(g, x, widened(fitted, widths));
  const { selected, order } = layout;
  const starts: number[] = [];
  widths!.reduce((sum, width) => {
    starts.push(sum);
    return sum + width;
  }, 0);
  const kept = (i: number): Piece => ({ from: 'kept', start: starts[i]!, end: starts[i]! + widths![i]! });
  const made = entry.emit(g, joined(g, selected.map(kept), { kept: x, made: x }), fitted);
  const pieces = order.map((o) =>
    'kept' in o ? kept(o.kept) : ({ from: 'made', start: o.made, end: o.made + 1 } as const),
  );
  return joined(g, pieces, { kept: x, made });
}

/** Scale and shift of a text that a step leaves unchanged, for each of its words. */
function widened(fitted: Fitted, widths: readonly number[] | undefined): Fitted {
  if (!fitted.affine || !widths || widths.every((width) => width === 1)) return fitted;
  const spread = (values: Float64Array) =>
    Float64Array.from(widths.flatMap((width, j) => new Array<number>(width).fill(values[j]!)));
  const affine = { scale: spread(fitted.affine.scale), shift: spread(fitted.affine.shift) };
  return { ...fitted, affine, shape: [affine.scale.length] };
}

interface Piece {
  readonly from: keyof Sources;
  readonly start: number;
  readonly end: number;
}
interface Sources {
  readonly kept: Node;
  readonly made: Node;
}

/**
 * Puts columns of `[batch, columns]` nodes side by side; adjacent columns that stay adjacent move together.
 */
function joined(g: GraphBuilder, pieces: readonly Piece[], sources: Sources): Node {
  const runs: { from: keyof Sources; start: number; end: number }[] = [];
  for (const { from, start, end } of pieces) {
    const last = runs.at(-1);
    if (last && last.from === from && last.end === start) last.end = end;
    else runs.push({ from, start, end });
  }
  const nodes = runs.map(({ from, start, end }) => {
    const node = sources[from];
    const [batch, width] = node.shape as [number, number];
    return start === 0 && end === width ? node : g.slice(node, [0, start], [batch, end]);
  });
  return nodes.length === 1 ? nodes[0]! : g.concat(nodes, 1);
}
