import { listRuns, type RunBrief, readBrief } from '../record/index.ts';
import { type Quantity, quantitiesOf } from './quantities.ts';
import { checkQuantity, meets, parseWhere } from './where.ts';

export interface ListQuery {
  /** All must hold. */
  readonly where: readonly string[];
  /** Quantities to sort by, the first one first; `-` before a name: largest first. */
  readonly sort: readonly string[];
  /** Only this experiment. */
  readonly name?: string;
}

/** A run with what can be asked of it. */
export interface ListedRun {
  readonly run: RunBrief;
  readonly values: Readonly<Record<string, Quantity>>;
}

/**
 * Every run below a root, filtered and sorted; the newest last unless `sort` says otherwise. One damaged folder never
 * hides another.
 * @throws MlxError `usage`, `unknown-quantity`
 */
export async function listExperiments(root: string, query: ListQuery): Promise<ListedRun[]> {
  const conditions = query.where.flatMap(parseWhere);
  const places = (await listRuns(root)).filter(({ name }) => query.name === undefined || name === query.name);
  const all = places.map((place): ListedRun => {
    const run = readBrief(place);
    return { run, values: quantitiesOf(run) };
  });
  const known = new Set(all.flatMap(({ values }) => Object.keys(values)));
  for (const { quantity } of conditions) if (quantity !== 'tag') checkQuantity(quantity, known, '--where');
  const order = query.sort.flatMap((text) => text.split(',')).map((text) => text.trim());
  for (const name of order) checkQuantity(name.replace(/^-/, ''), known, '--sort');
  const kept = all.filter(({ run, values }) => conditions.every((c) => meets(c, values, run.tags)));
  return sorted(kept, order.length > 0 ? order : ['started']);
}

/** Runs without the quantity come last, whichever way; equal ones by name and id. */
function sorted(runs: readonly ListedRun[], order: readonly string[]): ListedRun[] {
  const keys = order.map((text) => ({
    name: text.replace(/^-/, ''),
    sign: text.startsWith('-') ? -1 : 1,
  }));
  return [...runs].sort((a, b) => {
    for (const { name, sign } of keys) {
      const [x, y] = [a.values[name] ?? null, b.values[name] ?? null];
      if (x === y) continue;
      if (x === null) return 1;
      if (y === null) return -1;
      return (x < y ? -1 : 1) * sign;
    }
    return compare(`${a.run.name}/${a.run.id}`, `${b.run.name}/${b.run.id}`);
  });
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
