import type { Config } from '../config.ts';
import { resolvedText } from '../resolve.ts';
import type { LoadedConfig } from './load.ts';

/** The same file read as another config: one run of several, say. Places and the user's text stay. */
export const withConfig = (loaded: LoadedConfig, config: Config): LoadedConfig => ({
  ...loaded,
  config,
  resolved: resolvedText(config),
});
