import { Misfit } from '../../base/misfit.ts';
import { layers as catalogue } from './index.ts';
import { duplicateName, type NamedLayer, nameLayers } from './names.ts';

/** A node of the architecture as the config has it. */
export interface WiredLayer extends NamedLayer {
  /** Names of nodes above it or of fields; the node above it when left out. */
  readonly inputs?: string | readonly string[];
}

/** Where an input of a node comes from, by place: a field of the examples, or a node above it. */
export type Wire = { readonly field: number } | { readonly node: number };

export interface Wiring {
  readonly names: readonly string[];
  /** For each node what it reads; of one with a problem, what could be found. */
  readonly wires: readonly (readonly Wire[])[];
  readonly problems: readonly WiringProblem[];
}

export interface WiringProblem {
  /** Place of the node. */
  readonly index: number;
  readonly misfit: Misfit;
  /** Below the node: `['inputs', 1]`. */
  readonly path: readonly (string | number)[];
}

/**
 * Finds what each node reads. A node without `inputs` reads the one above it, the first one the only
 * field: so a list of layers is a chain.
 * @param fields names of the input fields; left out where only reading the data tells
 * @param suggest the name that was probably meant
 */
export function wire(
  layers: readonly WiredLayer[],
  fields: readonly string[] | undefined,
  suggest: (name: string, known: readonly string[]) => string | undefined = () => undefined,
): Wiring {
  const { names, duplicate } = nameLayers(layers);
  const problems: WiringProblem[] = [];
  const wires = layers.map((layer, index): readonly Wire[] => {
    const report = (misfit: Misfit, path: readonly (string | number)[] = ['inputs']) =>
      problems.push({ index, misfit, path });
    if (index === duplicate) report(duplicateName(names[index]!), ['name']);
    const severalFields = fields !== undefined && fields.length > 1;
    if (severalFields && fields.includes(names[index]!)) report(fieldName(names[index]!), ['name']);
    if (layer.inputs === undefined && index === 0 && severalFields) {
      report(whichField(layer.type, fields), []);
      return [];
    }
    const found = readBy(layer).map((name, k): Wire | undefined => {
      if (name === undefined) return index === 0 ? { field: 0 } : { node: index - 1 };
      const node = names.indexOf(name);
      if (node >= 0 && node < index) return { node };
      const field = fields === undefined ? 0 : fields.indexOf(name);
      if (node < 0 && field >= 0) return { field };
      const path = typeof layer.inputs === 'string' ? ['inputs'] : ['inputs', k];
      if (node >= 0) report(notAbove(names, layers, index, node), path);
      else report(unknownInput(name, [...names.slice(0, index), ...(fields ?? [])], suggest), path);
      return undefined;
    });
    const wrong = wrongCount(layer, names, index, found.length);
    if (wrong) report(wrong, layer.inputs === undefined ? [] : ['inputs']);
    return found.filter((one) => one !== undefined);
  });
  return { names, wires, problems };
}

/** What the node names; undefined stands for the one above it. */
const readBy = ({ inputs }: WiredLayer): readonly (string | undefined)[] =>
  typeof inputs === 'string' ? [inputs] : (inputs ?? [undefined]);

/** Nodes (but the last one, the output) and fields that nothing reads. */
export function unread(
  { wires }: Wiring,
  fields: number,
): { readonly nodes: readonly number[]; readonly fields: readonly number[] } {
  const all = wires.flat();
  const nodes = [...wires.keys()]
    .slice(0, -1)
    .filter((index) => !all.some((one) => 'node' in one && one.node === index));
  const left = Array.from({ length: fields }, (_, index) => index).filter(
    (index) => !all.some((one) => 'field' in one && one.field === index),
  );
  return { nodes, fields: left };
}

/** Each node reads the one above it, the first one a field. */
export const isChain = ({ wires }: Pick<Wiring, 'wires'>): boolean =>
  wires.every((own, index) => {
    const [only, ...more] = own;
    if (!only || more.length > 0) return false;
    return index === 0 ? 'field' in only : 'node' in only && only.node === index - 1;
  });

/** Names of what a node reads. */
export const inputNames = ({ names, wires }: Wiring, fields: readonly string[], index: number): string[] =>
  wires[index]!.map((one) => ('field' in one ? fields[one.field]! : names[one.node]!));

const quoted = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');

const unknownInput = (
  name: string,
  known: readonly string[],
  suggest: (name: string, known: readonly string[]) => string | undefined,
): Misfit => {
  const meant = suggest(name, known);
  return new Misfit('unknown-input', `there is no node or field \`${name}\` above`, {
    help: meant === undefined ? `name one of ${quoted(known)}` : `rename it to \`${meant}\``,
  });
};

/** A name of this node itself or of one further down. */
function notAbove(
  names: readonly string[],
  layers: readonly WiredLayer[],
  index: number,
  node: number,
): Misfit {
  const [reader, read] = [names[index]!, names[node]!];
  if (node === index)
    return new Misfit('cycle', `\`${reader}\` reads its own output`, { help: 'name a node above it' });
  if (reaches(names, layers, node, index))
    return new Misfit('cycle', `\`${reader}\` reads \`${read}\`, which depends on \`${reader}\``, {
      help: 'a network has no cycles: name a node above it',
    });
  return new Misfit('forward-reference', `\`${reader}\` reads \`${read}\`, which stands below it`, {
    help: `move \`${read}\` above \`${reader}\``,
  });
}

/** Whether node `from` reads, through others or at once, node `to`. */
function reaches(
  names: readonly string[],
  layers: readonly WiredLayer[],
  from: number,
  to: number,
  seen = new Set<number>(),
): boolean {
  if (from === to) return true;
  if (from < 0 || seen.has(from)) return false;
  seen.add(from);
  return readBy(layers[from]!).some((name) =>
    reaches(names, layers, name === undefined ? from - 1 : names.indexOf(name), to, seen),
  );
}

const whichField = (type: string, fields: readonly string[]): Misfit =>
  new Misfit('which-field', `${type} doesn't say which field it reads: the data have ${quoted(fields)}`, {
    help: `write \`inputs: ${fields[0]}\` in it, for example`,
  });

const fieldName = (name: string): Misfit =>
  new Misfit('duplicate-name', `a layer is called \`${name}\`, as a field of the data is`, {
    help: 'give the layer another name',
  });

function wrongCount(
  { type, inputs }: WiredLayer,
  names: readonly string[],
  index: number,
  count: number,
): Misfit | undefined {
  const several = catalogue.get(type)?.takes === 'several';
  if (several ? count > 1 : count === 1) return undefined;
  const other = index > 1 ? names[index - 2]! : 'another';
  const above = index > 0 ? names[index - 1]! : 'this';
  const found = count === 1 ? 'it reads one' : `it reads ${count}`;
  if (several)
    return new Misfit('input-count', `${type} takes two inputs or more; ${found}`, {
      help:
        inputs === undefined
          ? `name them: \`inputs: [${other}, ${above}]\``
          : 'name two nodes or fields, or more',
    });
  return new Misfit('input-count', `${type} takes one input; ${found}`, {
    help: 'join them with `concatenate` first',
  });
}
