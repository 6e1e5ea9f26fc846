import { basename, resolve } from 'node:path';
import {
  groupOf,
  listGroups,
  listRuns,
  type RunBrief,
  type RunPlace,
  readBrief,
} from '../../record/index.ts';
import { readGroupResult } from '../groups/open.ts';
import { groupQuantities } from '../groups/quantities.ts';
import { type Quantity, quantitiesOf } from '../quantities.ts';
import { checkQuantity, meets, parseWhere } from './where.ts';

export interface ListQuery {
  /** All must hold. */
  readonly where: readonly string[];
  /** Quantities to sort by, the first one first; `-` before a name: largest first. */
  readonly sort: readonly string[];
  /** Only this experiment. */
  readonly name?: string;
  /** The runs of groups as well, not only what they have in common. */
  readonly members?: boolean;
}

/** A run, or a group of them, with its quantities. */
export interface ListedRun {
  readonly run: RunBrief;
  /** Of a group: how many of its runs completed, `3 of 5 seeds`. */
  readonly group?: string;
  readonly values: Readonly<Record<string, Quantity>>;
}

/**
 * Every run below a root, filtered and sorted; the newest last unless `sort` says otherwise. One damaged
 * folder never hides another.
 * @throws MlxError `usage`, `unknown-quantity`
 */
export async function listExperiments(root: string, query: ListQuery): Promise<ListedRun[]> {
  const conditions = query.where.flatMap(parseWhere);
  const wanted = ({ name }: RunPlace) => query.name === undefined || name === query.name;
  const groups = (await listGroups(root)).filter(wanted);
  const inGroup = new Set(groups.map(({ folder }) => resolve(folder)));
  const all: ListedRun[] = groups.map(listedGroup);
  for (const place of (await listRuns(root)).filter(wanted)) {
    const group = inGroup.size > 0 ? groupOf(place.folder) : undefined;
    if (group !== undefined && !query.members) continue;
    const run = readBrief(place);
    const values = quantitiesOf(run);
    all.push({ run, values: group === undefined ? values : { ...values, group: basename(group) } });
  }
  const known = new Set(all.flatMap(({ values }) => Object.keys(values)));
  for (const { quantity } of conditions) if (quantity !== 'tag') checkQuantity(quantity, known, '--where');
  const order = query.sort.flatMap((text) => text.split(',')).map((text) => text.trim());
  for (const name of order) checkQuantity(name.replace(/^-/, ''), known, '--sort');
  const kept = all.filter(({ run, values }) => conditions.every((c) => meets(c, values, run.tags)));
  return sorted(kept, order.length > 0 ? order : ['started']);
}

function listedGroup(place: RunPlace): ListedRun {
  const { record, status, result } = readGroupResult(place.folder);
  const { tags, note, problems } = record;
  return {
    run: { ...place, status, tags, note, problems },
    group: `${result.completed} of ${result.runs} ${result.kind}`,
    values: groupQuantities(place, record.manifest?.started, status, result),
  };
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
