import { resolve } from 'node:path';
import { configError, MlxError } from '../../errors.ts';
import { COSTS, directionOf } from '../../evaluate/index.ts';
import {
  discard,
  discardLeftover,
  emptyTrash,
  FILES,
  findLeftovers,
  groupOf,
  type Lease,
  listRuns,
  readBrief,
  sizeOf,
  takeLease,
} from '../../record/index.ts';
import type { CleanedRun, Cleaning, KeptRun } from './cleaning.ts';
import { type ListedRun, listExperiments } from './list.ts';
import { checkQuantity } from './where.ts';

export interface CleanOptions {
  readonly experiments: string;
  /** Only this experiment. */
  readonly name?: string;
  /** Only runs like that; all must hold. */
  readonly where: readonly string[];
  /** Of each experiment the best so many stay. */
  readonly keepBest?: number;
  /** Best by this quantity. */
  readonly by?: string;
  /** Only checkpoints, of completed runs unless `where` says which. */
  readonly checkpoints: boolean;
  /** Do it; else only say what would be done. */
  readonly yes: boolean;
}

/** A run, or a group with its runs: they stay or go together. */
interface Unit extends ListedRun {
  /** The runs of a group, then the folder itself. */
  readonly folders: readonly string[];
  readonly tagged: boolean;
  readonly running: boolean;
  readonly unsure: boolean;
}

/**
 * Removes runs, or only their checkpoints, and what killed processes left. Tagged and running ones always
 * stay; runs are only removed where `where` or `keepBest` says which. Nothing outside of the experiments
 * folder is touched: links aren't followed.
 * @throws MlxError `usage`, `unknown-quantity`, `record-write`
 */
export async function cleanRuns(options: CleanOptions): Promise<Cleaning> {
  const { experiments, where, keepBest, checkpoints, yes } = options;
  checkUsage(options);
  const chosen = where.length > 0 || keepBest !== undefined || checkpoints;
  const units = chosen ? await unitsOf(options) : [];
  const best = keepBest === undefined ? new Set<Unit>() : bestOf(units, keepBest, options.by!);
  const remove: CleanedRun[] = [];
  const keep: KeptRun[] = [];
  for (const unit of units) {
    const run = `${unit.run.name}/${unit.run.id}`;
    const why = reasonToKeep(unit, best, options);
    if (why !== undefined) keep.push({ run, why });
    else {
      const paths = unit.folders.map((folder) => (checkpoints ? `${folder}/${FILES.checkpoints}` : folder));
      const bytes = paths.reduce((sum, path) => sum + sizeOf(path), 0);
      const part = checkpoints ? 'checkpoints' : unit.group === undefined ? 'run' : 'group';
      if (checkpoints && bytes === 0) continue;
      if (yes && !removed(experiments, unit, checkpoints)) keep.push({ run, why: 'running' });
      else remove.push({ run, status: unit.run.status, part, bytes });
    }
  }
  const leftovers = (await findLeftovers(experiments)).map((path) => ({ path, bytes: sizeOf(path) }));
  if (yes) {
    for (const { path } of leftovers) discardLeftover(experiments, path);
    emptyTrash(experiments);
  }
  const bytes = [...remove, ...leftovers].reduce((sum, each) => sum + each.bytes, 0);
  return { format: 1, done: yes, remove, keep, leftovers, bytes };
}

function checkUsage({ keepBest, by }: CleanOptions): void {
  if (keepBest !== undefined && !(Number.isSafeInteger(keepBest) && keepBest >= 0))
    throw configError('usage', '--keep-best takes how many runs stay, e.g. 3');
  if ((keepBest === undefined) !== (by === undefined))
    throw configError('usage', '--keep-best and --by go together', {
      help: 'write it as --keep-best 3 --by test.accuracy',
    });
}

async function unitsOf({ experiments, name, where, by }: CleanOptions): Promise<Unit[]> {
  const listed = await listExperiments(experiments, { where, sort: [], ...(name !== undefined && { name }) });
  if (by !== undefined)
    checkQuantity(by, new Set(listed.flatMap(({ values }) => Object.keys(values))), '--by');
  const members = new Map<string, string[]>();
  if (listed.some(({ group }) => group !== undefined))
    for (const { folder } of await listRuns(experiments)) {
      const group = groupOf(folder);
      if (group !== undefined) members.set(group, [...(members.get(group) ?? []), folder]);
    }
  return listed.map((one) => {
    const runs = members.get(resolve(one.run.folder)) ?? [];
    const briefs = [one.run, ...runs.map((folder) => readBrief({ name: '', id: '', folder }))];
    return {
      ...one,
      // A group whose cleaning is interrupted is still a group, and is cleaned again.
      folders: [...runs, one.run.folder],
      tagged: briefs.some(({ tags, note }) => tags.length > 0 || note !== ''),
      running: briefs.some(({ status }) => status === 'running'),
      unsure: briefs.some(({ problems }) => problems.some((text) => text.startsWith(FILES.tags))),
    };
  });
}

/** The best of each experiment; those without the quantity are never among them. */
function bestOf(units: readonly Unit[], count: number, by: string): Set<Unit> {
  const amountOf = ({ values }: Unit) => values[by] as number;
  const known = units.filter(({ values }) => typeof values[by] === 'number');
  const sign = higherIsBetter(by) ? -1 : 1;
  const best = new Set<Unit>();
  for (const name of new Set(known.map(({ run }) => run.name))) {
    const rivals = known.filter(({ run }) => run.name === name);
    rivals.sort((a, b) => sign * (amountOf(a) - amountOf(b)));
    for (const unit of rivals.slice(0, count)) best.add(unit);
  }
  return best;
}

const higherIsBetter = (quantity: string): boolean =>
  (COSTS as readonly string[]).includes(quantity)
    ? quantity === 'samples_per_second'
    : directionOf(quantity.replace(/^(train|validation|test)\./, '')) === 'higher';

function reasonToKeep(
  unit: Unit,
  best: ReadonlySet<Unit>,
  options: CleanOptions,
): KeptRun['why'] | undefined {
  if (unit.running) return 'running';
  if (unit.unsure) return 'tags damaged';
  if (unit.tagged) return 'tagged';
  if (best.has(unit)) return 'best';
  // Of others a resume needs them.
  if (options.checkpoints && options.where.length === 0 && unit.run.status !== 'completed')
    return 'not completed';
  return undefined;
}

/** All folders of a unit, or none. @returns false where somebody has begun to write there meanwhile */
function removed(root: string, { folders }: Unit, checkpoints: boolean): boolean {
  const part = checkpoints ? FILES.checkpoints : undefined;
  const chosen = folders.filter((folder) => part === undefined || sizeOf(`${folder}/${part}`) > 0);
  const leases: Lease[] = [];
  try {
    for (const folder of chosen) leases.push(takeLease(folder));
    chosen.forEach((folder, i) => {
      discard(root, folder, leases[i]!, part);
    });
    return true;
  } catch (error) {
    if (error instanceof MlxError && error.code === 'run-busy') return false;
    throw error;
  } finally {
    for (const lease of leases) lease.release();
  }
}
