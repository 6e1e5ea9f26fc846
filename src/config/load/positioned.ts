import { Misfit } from '../../base/misfit.ts';
import { configError, MlxError } from '../../errors.ts';
import type { LoadedConfig } from './load.ts';

/** Errors of `work` that name a config path, or misfit the architecture, get their place in the file. */
export function positioned<T>(loaded: LoadedConfig, work: () => T): T {
  try {
    const result = work();
    return result instanceof Promise ? (result.catch((e) => raise(loaded, e)) as T) : result;
  } catch (error) {
    return raise(loaded, error);
  }
}

function raise(loaded: LoadedConfig, error: unknown): never {
  if (error instanceof Misfit) {
    const position = loaded.locate(['architecture']);
    throw configError(error.code, error.message, { help: error.help, position });
  }
  if (error instanceof MlxError && !error.details.position && error.details.path) {
    const position = loaded.locate([...error.details.path]);
    throw new MlxError(error.code, error.message, error.exit, { ...error.details, position });
  }
  throw error;
}
