import * as z from 'zod';
import { byValueThenText } from '../../base/value-order.ts';
import { configError } from '../../errors.ts';
import type { TargetShape } from '../../protocol/target.ts';
import { outputNames } from '../../protocol/target.ts';
import { valueFingerprint } from '../../readers/files/data-file.ts';
import type { DataShape } from '../../readers/raw-data.ts';
import type { SourceContext } from '../../readers/source-context.ts';
import { number, once } from '../fields.ts';
import type { SourceEntry } from './source.ts';

type Row = Readonly<Record<string, number | string>>;
interface InlineParams {
  readonly rows: readonly Row[];
}

interface Table {
  readonly target: string;
  /** Input columns, in the order of the first row. */
  readonly columns: readonly string[];
  readonly shape: DataShape & { readonly count: number };
}

const PATH = ['data', 'source', 'rows'] as const;
const list = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');

/**
 * Checks every row.
 * @throws MlxError `inline-row`, `inline-value`, `target-missing` with the place of the row
 */
function tabulate(rows: readonly Row[], ctx: SourceContext): Table {
  const names = Object.keys(rows[0]!);
  const { target } = ctx;
  if (target === undefined || !names.includes(target))
    throw configError(
      'target-missing',
      target === undefined ? '`inline` needs `data.target`' : `\`${target}\` is no column of the inline rows`,
      { path: ['data', 'target'], help: `name one of the columns: ${list(names)}` },
    );
  const columns = names.filter((name) => name !== target);
  if (columns.length === 0)
    throw configError('inline-row', `the inline rows have no column besides the target, \`${target}\``, {
      path: [...PATH, 0],
      help: 'add an input column',
    });
  const numeric = ctx.numeric ? names : columns;
  rows.forEach((row, i) => {
    checkNames(row, i, names);
    for (const column of numeric) checkNumber(row, i, column);
  });
  return {
    target,
    columns,
    shape: { shape: [columns.length], target: targetOf(rows, target, ctx), count: rows.length },
  };
}

function targetOf(rows: readonly Row[], target: string, ctx: SourceContext): TargetShape {
  if (ctx.numeric) return { kind: 'number', columns: [target] };
  const classes = [...new Set(rows.map((row) => String(row[target])))].sort(byValueThenText);
  return { kind: 'class', classes };
}

function checkNumber(row: Row, i: number, column: string): void {
  const value = row[column]!;
  const place = { path: [...PATH, i, column] };
  if (typeof value !== 'number')
    throw configError('inline-value', `row ${i + 1}: \`${column}\` needs a number; found "${value}"`, {
      ...place,
      help: 'write a number without quotes',
    });
  if (!Number.isFinite(Math.fround(value)))
    throw configError('inline-value', `row ${i + 1}: \`${column}\` is ${value}, which no float32 can hold`, {
      ...place,
      help: 'scale the column down',
    });
}

function checkNames(row: Row, i: number, names: readonly string[]): void {
  const missing = names.find((name) => !Object.hasOwn(row, name));
  const extra = Object.keys(row).find((name) => !names.includes(name));
  if (missing !== undefined)
    throw configError('inline-row', `row ${i + 1} has no \`${missing}\`; row 1 has ${list(names)}`, {
      path: [...PATH, i],
      help: 'give every row the same columns',
    });
  if (extra !== undefined)
    throw configError('inline-row', `row ${i + 1} has \`${extra}\`, which row 1 has not: ${list(names)}`, {
      path: [...PATH, i, extra],
      help: 'give every row the same columns',
    });
}

const schema = once(() =>
  z.strictObject({
    rows: z
      .array(z.record(z.string(), z.union([number(), z.string()])))
      .min(1)
      .describe('one map of column: value for each example; `data.target` names the target column'),
  }),
);

/** A handful of examples in the config itself, `- { x: 0, y: 0, label: 1 }`. */
export const inline: SourceEntry<InlineParams> = {
  name: 'inline',
  help: 'a few examples written in the config itself',
  get schema() {
    return schema();
  },
  describe: (params, ctx) => tabulate(params.rows, ctx).shape,
  async read({ rows }, ctx) {
    const { target, columns, shape } = tabulate(rows, ctx);
    const x = new Float32Array(new SharedArrayBuffer(rows.length * columns.length * 4));
    rows.forEach((row, i) => {
      x.set(
        columns.map((column) => row[column] as number),
        i * columns.length,
      );
    });
    const y = truth(rows, target, shape.target, ctx.numeric);
    const values = rows.map((row) => [...columns, target].map((name) => row[name]));
    return {
      shape: shape.shape,
      target: shape.target,
      count: rows.length,
      x,
      y,
      columns: columns.map((name) => ({ name, kind: 'number' })),
      files: [valueFingerprint('inline', { columns: [...columns, target], values })],
    };
  },
};

function truth(
  rows: readonly Row[],
  column: string,
  target: TargetShape,
  numeric: boolean,
): Int32Array | Float32Array {
  if (numeric) return Float32Array.from(rows, (row) => row[column] as number);
  return Int32Array.from(rows, (row) => outputNames(target).indexOf(String(row[column])));
}
