import { Misfit } from '../../base/misfit.ts';
import { AGGREGATE_FUNCTIONS, CAST_TYPES, SCALAR_FUNCTIONS } from './allowed-functions.ts';
import { type Database, reason } from './duckdb.ts';
import { nearest } from './nearest.ts';
import { literal } from './sql-text.ts';

type Json = null | string | number | boolean | Json[] | { [key: string]: Json };
type Tree = { [key: string]: Json };

const LONGEST = 10_000;
const DEEPEST = 100;

/**
 * Kinds of nodes that are allowed; all others (subqueries, stars, windows, lambdas, parameters, defaults) are
 * refused.
 */
const OPERATORS = new Set([
  'COMPARE_IN',
  'COMPARE_NOT_IN',
  'OPERATOR_NOT',
  'OPERATOR_IS_NULL',
  'OPERATOR_IS_NOT_NULL',
  'OPERATOR_COALESCE',
  'OPERATOR_NULLIF',
]);
const PLAIN = new Set(['COMPARISON', 'CONJUNCTION', 'CASE', 'BETWEEN', 'CONSTANT']);
/** Fields of a SELECT that must be as `SELECT (expression)` leaves them. */
const EMPTY_SELECT: Tree = {
  where_clause: null,
  group_expressions: [],
  group_sets: [],
  having: null,
  sample: null,
  qualify: null,
  modifiers: [],
};

const refuse = (message: string, help: string) => new Misfit('expression', message, { help });

/**
 * One SQL expression of a config as text that is safe to run: DuckDB parses it, its tree may hold only what
 * computes from columns and constants, and the SQL that runs is written from that tree.
 * @throws Misfit `expression`
 */
export async function checkedExpression(
  database: Database,
  text: string,
  columns: readonly string[],
  options: { readonly aggregates?: boolean } = {},
): Promise<string> {
  const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);
  if (text.length > LONGEST) throw refuse(`${shown}: longer than ${LONGEST} characters`, 'make it shorter');
  if (text.includes('\0')) throw refuse(`${shown}: has a character of value 0`, 'remove it');
  let serialized: string;
  try {
    serialized = String(
      await database.value(`SELECT json_serialize_sql(${literal(`SELECT (\n${text}\n)`)})::VARCHAR`),
    );
  } catch (error) {
    throw refuse(`${shown}: ${reason(error)}`, 'write one DuckDB SQL expression, such as `a / b`');
  }
  const parsed = JSON.parse(serialized) as Tree;
  if (parsed['error'] !== false)
    throw refuse(
      `${shown} is no SQL expression: ${String(parsed['error_message']).split('\n')[0]}`,
      'write one DuckDB SQL expression, such as `a / b`; column names with spaces or brackets go in double quotes',
    );
  const select = onlySelect(parsed);
  if (!select)
    throw refuse(`${shown} is more than an expression`, 'write one expression, without SELECT or FROM');
  walk(select, { shown, columns, aggregates: options.aggregates ?? false, depth: 0 });
  const statement = String(await database.value(`SELECT json_deserialize_sql(${literal(serialized)})`));
  return statement.replace(/^SELECT /, '');
}

/** The one expression of `SELECT (expression)`; undefined where the text closes the bracket and goes on. */
function onlySelect(parsed: Tree): Tree | undefined {
  const statements = parsed['statements'] as Tree[];
  const node = statements.length === 1 ? (statements[0]!['node'] as Tree) : undefined;
  if (node?.['type'] !== 'SELECT_NODE') return undefined;
  const list = node['select_list'] as Tree[];
  const from = node['from_table'] as Tree | null;
  const ctes = (node['cte_map'] as Tree)['map'] as Json[];
  const empty = Object.entries(EMPTY_SELECT).every(
    ([key, value]) => JSON.stringify(node[key] ?? null) === JSON.stringify(value),
  );
  if (list.length !== 1 || from?.['type'] !== 'EMPTY' || ctes.length > 0 || !empty) return undefined;
  return list[0]!['alias'] === '' ? list[0] : undefined;
}

interface Walk {
  readonly shown: string;
  readonly columns: readonly string[];
  readonly aggregates: boolean;
  readonly depth: number;
}

function walk(node: Json, at: Walk): void {
  if (at.depth > DEEPEST) throw refuse(`${at.shown}: nested too deep`, 'make it simpler');
  const inner = { ...at, depth: at.depth + 1 };
  if (Array.isArray(node)) {
    for (const item of node) walk(item, inner);
    return;
  }
  if (node === null || typeof node !== 'object') return;
  if (typeof node['class'] === 'string') checkNode(node, at);
  else if ('node' in node || 'from_table' in node) throw notAllowed(at, 'a query');
  // The value of a constant is data, whatever it looks like.
  if (node['class'] === 'CONSTANT') return;
  for (const [key, value] of Object.entries(node)) if (key !== 'cast_type') walk(value, inner);
}

const notAllowed = (at: Walk, what: string) =>
  refuse(
    `${at.shown}: ${what} is not allowed in an expression`,
    'use columns, constants, operators, CASE, CAST and functions such as `abs`, `lower`, `year`',
  );

function checkNode(node: Tree, at: Walk): void {
  const kind = String(node['class']);
  if (PLAIN.has(kind)) return;
  if (kind === 'OPERATOR') {
    if (!OPERATORS.has(String(node['type']))) throw notAllowed(at, `the operator ${String(node['type'])}`);
  } else if (kind === 'COLUMN_REF') checkColumn(node['column_names'] as string[], at);
  else if (kind === 'CAST') {
    const type = node['cast_type'] as Tree;
    if (!CAST_TYPES.has(String(type['id']))) throw notAllowed(at, `a cast to ${String(type['id'])}`);
  } else if (kind === 'FUNCTION') checkFunction(node, at);
  else throw notAllowed(at, `\`${kind.toLowerCase()}\``);
}

function checkColumn(names: readonly string[], { shown, columns }: Walk): void {
  const name = names.join('.');
  if (names.length === 1 && columns.some((column) => column.toLowerCase() === name.toLowerCase())) return;
  throw refuse(`${shown}: there is no column \`${name}\``, nearest(name, columns));
}

function checkFunction(node: Tree, at: Walk): void {
  const name = String(node['function_name']).toLowerCase();
  const own = [node['schema'], node['catalog']].every((part) => part === '' || part === 'main');
  if (own && SCALAR_FUNCTIONS.has(name)) return;
  if (!own || !AGGREGATE_FUNCTIONS.has(name)) throw notAllowed(at, `the function \`${name}\``);
  if (!at.aggregates)
    throw refuse(
      `${at.shown}: \`${name}\` takes many rows to one, which would mix training and test rows here`,
      'use it in `aggregate`, over groups',
    );
}
