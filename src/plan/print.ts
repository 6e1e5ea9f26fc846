import { item } from '../base/item.ts';
import { type Shape, sizeOf } from '../base/shape.ts';
import { thousands } from '../base/words.ts';
import {
  bytesOf,
  scalarText as constantText,
  fixedShape,
  isBound,
  type Node,
  nodeOf,
} from '../graph/index.ts';
import {
  type DataSummary,
  inputsOfPlan,
  type Plan,
  type Program,
  type ScalarSpec,
  type Step,
} from './plan.ts';

/** The text of `mlx plan`, of plan.txt and of the golden tests: everything that decides the result. */
export function printPlan(plan: Plan): string {
  const { data } = plan;
  const graph = plan.layers.some(({ inputs }) => inputs);
  const { train, validation, test } = data.split;
  const lines = [
    `plan ${plan.name}, format ${plan.format}, seed ${plan.seed}`,
    '',
    'data',
    `  source      ${data.source}, ${rawText(data)} -> ${data.target}`,
    `  split       train ${thousands(train)}, validation ${thousands(validation)}, test ${thousands(test)}`,
    ...data.transforms.map(
      (t) =>
        `  ${t.name}: ${t.summary}; fitted on ${t.fitted === 'train' ? `train (${thousands(train)} rows)` : 'nothing'}`,
    ),
    ...(data.balance
      ? [
          `  balance: ${data.balance.name}: ${data.balance.summary}; ${thousands(data.balance.rows)} training rows`,
        ]
      : []),
    '',
    'layers',
    ...table([
      ['  name', 'type', 'output', 'parameters', ...(graph ? ['reads'] : [])],
      ...inputsOfPlan(data).map(({ name, shape }) => [
        `  ${data.inputs ? name : 'data'}`,
        data.inputs ? 'input' : '',
        shapeText(shape),
        '',
      ]),
      ...plan.layers.map(({ name, type, shape, parameters, inputs = [] }) => [
        `  ${name}`,
        type,
        shapeText(shape),
        thousands(parameters),
        ...(graph ? [inputs.join(', ')] : []),
      ]),
      ...totals(plan),
    ]),
    '',
    'scalars',
    ...plan.scalars.map((s) => `  ${scalarText(s)}`),
    '',
    'state',
    ...table(
      plan.state.map((s) => [
        `  ${s.name}`,
        s.role,
        `f32[${s.shape.join(', ')}]`,
        initText(s.init.type, s.init.params),
      ]),
    ),
  ];
  for (const program of Object.values(plan.programs))
    lines.push(
      '',
      ...(program.name === 'train_tail' ? [tailText(plan.programs.train!, program)] : printProgram(program)),
    );
  return `${lines.join('\n')}\n`;
}

/** All weights together; and those that training changes, where some are frozen. */
function totals({ parameters, state }: Plan): string[][] {
  const frozen = state.filter(({ role }) => role === 'frozen').reduce((sum, w) => sum + sizeOf(w.shape), 0);
  const total = ['  total', '', '', thousands(parameters + frozen)];
  return frozen === 0 ? [total] : [total, ['  trainable', '', '', thousands(parameters)]];
}

/** The tail is the train program for the last, smaller batch: its steps aren't worth reading twice. */
const tailText = (train: Program, tail: Program): string =>
  `program train_tail, batch ${tail.batch}, ${tail.steps.length} steps: as train, for the ${tail.batch} examples after the last batch of ${train.batch}`;

function printProgram(program: Program): string[] {
  const flops = program.steps.reduce((sum, s) => sum + s.flops, 0);
  const memory = program.buffers.reduce((sum, b) => sum + b.bytes, 0);
  const bound = isBound(program.graph);
  const batch = bound ? String(program.batch) : 'any';
  const repeat = program.repeat === undefined ? '' : `, ${program.repeat} times a call`;
  const head = `program ${program.name}, batch ${batch}, ${program.steps.length} steps${repeat}`;
  const cost = bound ? `, ${quantity(flops, 'FLOP')}, buffers ${quantity(memory, 'B')}` : '';
  const names = valueNames(program);
  const rows = program.steps.map((step) => {
    const last = nodeOf(program.graph, step.nodes.at(-1)!);
    return [
      `  %${last.id}`,
      step.kind,
      `${last.dtype}[${last.shape.join(', ')}]`,
      bound ? quantity(bytesOf(fixedShape(last.shape), last.dtype), 'B') : '',
      bound ? quantity(step.flops, 'FLOP') : '',
      `b${step.buffer}`,
      stepText(program, step, names),
    ];
  });
  const outputs = program.graph.outputs.map((o) => `${o.name} = ${names.get(o.value) ?? `%${o.value}`}`);
  return [head + cost, ...table(rows), `  -> ${outputs.join(', ')}`];
}

/** `conv2d(x, conv2d_1/kernel)`, `add·mul·relu(%3, %9)  # dense_1`. */
function stepText(program: Program, step: Step, names: ReadonlyMap<number, string>): string {
  const nodes = step.nodes.map((id) => nodeOf(program.graph, id));
  const reads = step.reads.map((id) => names.get(id) ?? `%${id}`);
  const scope = nodes.at(-1)!.scope;
  return `${nodes.map((n) => n.op).join('·')}(${reads.join(', ')})${scope ? `  # ${scope}` : ''}`;
}

/** Leaves by name: inputs as they are, constants by value, masks by stream. */
function valueNames(program: Program): Map<number, string> {
  const names = new Map<number, string>();
  for (const node of program.graph.nodes) {
    const name = leafName(node);
    if (name !== undefined) names.set(node.id, name);
  }
  return names;
}

function leafName(node: Node): string | undefined {
  switch (node.op) {
    case 'input':
      return node.attrs.name;
    case 'constant':
      return node.attrs.data.length === 1
        ? constantText(node.attrs.data)
        : `constant[${node.shape.join(', ')}]`;
    case 'iota':
      return `iota[${node.shape.join(', ')}]`;
    case 'random_mask':
      return `mask(${node.attrs.stream}, ${node.attrs.rate})`;
    default:
      return undefined;
  }
}

const scalarText = (s: ScalarSpec): string =>
  s.kind === 'value' ? `${s.name} = ${s.value}` : `${s.name} = 1 - ${s.base}^step`;

const initText = (type: string, params: Readonly<Record<string, unknown>>): string => {
  const fields = Object.entries(params).filter(([key]) => key !== 'type');
  return fields.length === 0 ? type : `${type}(${fields.map(([k, v]) => `${k}=${v}`).join(', ')})`;
};

/** `(28, 28, 1)`, or `image (28, 28, 1), table (3)`. */
const rawText = (data: DataSummary): string =>
  data.inputs
    ? data.inputs.map(({ name, raw }) => `${name} ${shapeText(raw)}`).join(', ')
    : shapeText(data.raw);

const shapeText = (shape: Shape): string => `(${shape.join(', ')})`;

/** `1.2 MB`, `3.4 GFLOP`: three significant digits, powers of 1,000. */
export function quantity(n: number, unit: string): string {
  const prefixes = ['', 'k', 'M', 'G', 'T'];
  let value = n;
  let i = 0;
  while (value >= 999.5 && i < prefixes.length - 1) {
    value /= 1000;
    i++;
  }
  return `${i === 0 ? value : value.toPrecision(3)} ${prefixes[i]}${unit}`;
}

/** Columns padded to equal width, two spaces apart. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(item(widths, i)))
      .join('  ')
      .trimEnd(),
  );
}
