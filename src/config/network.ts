import { invariant } from '../errors.ts';
import type { Config, NetworkConfig } from './config.ts';

/** For what only a network has; call it only where the config names no other model. */
export function networkOf(config: Config): NetworkConfig {
  invariant(config.model === null, 'the config describes a network');
  return config;
}
