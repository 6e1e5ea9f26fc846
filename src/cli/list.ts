import { EXIT } from '../errors.ts';
import { listCsv, listJson, listLines } from '../report/runs.ts';
import { listExperiments } from '../study/list/list.ts';

export interface ListOptions {
  readonly experiments: string;
  readonly where: string[];
  readonly sort: string[];
  readonly columns?: string;
  /** The runs of groups as well. */
  readonly members?: boolean;
  readonly json?: boolean;
  readonly csv?: boolean;
}

/** `mlx list`. @returns the exit code: 0 also where there is nothing */
export async function list(name: string | undefined, options: ListOptions): Promise<number> {
  const { experiments, where, sort } = options;
  const runs = await listExperiments(experiments, {
    where,
    sort,
    ...(options.members && { members: true }),
    ...(name !== undefined && { name }),
  });
  if (options.json) process.stdout.write(listJson(runs));
  else if (options.csv) process.stdout.write(listCsv(runs));
  else if (runs.length === 0)
    process.stderr.write(where.length > 0 ? 'no run is like that\n' : `no runs in ${experiments}\n`);
  else {
    const columns =
      options.columns
        ?.split(',')
        .map((c) => c.trim())
        .filter(Boolean) ?? [];
    process.stdout.write(`${listLines(runs, columns).join('\n')}\n`);
  }
  return EXIT.done;
}
