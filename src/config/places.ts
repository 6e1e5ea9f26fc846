import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { taskOf } from '../catalog/tasks/index.ts';
import { invariant } from '../errors.ts';
import type { SourceContext, TableRequest } from '../readers/source-context.ts';
import type { Config, TargetConfig } from './config.ts';
import { dataSeed } from './data-seed.ts';

/** Root of the installed package, where shipped data and the schema lie; the same from source and bundle. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    invariant(folder !== dirname(folder), 'package.json lies above the code');
    folder = dirname(folder);
  }
  return folder;
}

/** Downloads and derived data that can always be made again. */
export const cacheFolder = (): string =>
  join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'mlx-experiments');

/** Where a config's data section finds its files. */
export function sourceContext(
  file: string,
  config: {
    readonly task: SourceContext['task'];
    readonly target?: TargetConfig | null;
    readonly seed: number;
  },
): SourceContext {
  return {
    folder: dirname(file),
    cache: cacheFolder(),
    root: packageRoot(),
    task: config.task,
    numeric: taskOf(config.task).offers.includes('numbers'),
    ...namedTarget(config.target),
    seed: config.seed,
  };
}

function namedTarget(target: TargetConfig | null | undefined): Pick<SourceContext, 'target' | 'labels'> {
  if (typeof target === 'string' || !target) return { target: target ?? undefined };
  return { labels: 'column' in target ? target : { columns: target } };
}

/** The same for a whole config. */
export const contextOf = ({
  file,
  config,
}: {
  readonly file: string;
  readonly config: Config;
}): SourceContext => ({
  ...sourceContext(file, { task: config.task, target: config.data.target, seed: dataSeed(config) }),
  table: tableRequest(config.data),
});

function tableRequest({ rows, columns, split }: Config['data']): TableRequest {
  const { type, column } = split;
  const whole = type === 'random' || (column === null && (type === 'fixed' || type === 'k_fold'));
  const use = whole ? undefined : type === 'k_fold' ? 'group' : type;
  return { rows, columns, ...(use && { key: { use, column } }) };
}
