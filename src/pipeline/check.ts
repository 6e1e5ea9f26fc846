import { traceLayers } from '../catalog/layers/trace.ts';
import { contextOf, loadConfig } from '../config/index.ts';
import { describeData } from '../data/index.ts';
import { positioned } from './positioned.ts';

/** How a command line changes a file: `--set path=value`, `--engine`. */
export interface Overrides {
  readonly set: string[];
  readonly engine?: string;
}

/** What is known of a valid config without reading its data. */
export interface Checked {
  readonly name: string;
  /** Shape of one example as the network gets it; null when only reading the data tells. */
  readonly data: readonly number[] | null;
  readonly layers: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly parameters: number;
  }[];
  readonly parameters: number | null;
}

/** Validates one file; reads headers of data at most, loads no engine. @throws MlxErrors, MlxError */
export function checkConfig(file: string, overrides: Overrides): Checked {
  const loaded = loadConfig(file, overrides);
  const { name, architecture } = loaded.config;
  const described = positioned(loaded, () => describeData(loaded.config, contextOf(loaded)));
  if (!described) return { name, data: null, layers: [], parameters: null };
  const layers = traceLayers(architecture, described.shape).steps.map((step) => ({
    name: step.name,
    shape: step.shape,
    parameters: step.parameters,
  }));
  const parameters = layers.reduce((sum, layer) => sum + layer.parameters, 0);
  return { name, data: described.shape, layers, parameters };
}
