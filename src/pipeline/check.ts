import { traceLayers } from '../catalog/layers/trace.ts';
import { isChain, wire } from '../catalog/layers/wiring.ts';
import { inputShapes } from '../catalog/transforms/inputs.ts';
import { type LoadedConfig, loadConfig, networkOf } from '../config/index.ts';
import type { MessageEvent } from '../protocol/events.ts';
import type { InputShape } from '../readers/raw-data.ts';

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
  /** Of each input, where there are several. */
  readonly inputs?: readonly InputShape[];
  readonly layers: readonly {
    readonly name: string;
    /** What it reads, of a network that is no chain. */
    readonly inputs?: readonly string[];
    readonly shape: readonly number[];
    readonly parameters: number;
  }[];
  readonly parameters: number | null;
  /** What the leakage audit found, where the data were read. */
  readonly audit?: readonly MessageEvent[];
}

/**
 * The same after a look at the data: what the leakage audit found as warnings.
 * @throws MlxErrors, MlxError, exit code 3 for the data and for files of weights
 */
export async function checkData(file: string, overrides: Overrides): Promise<Checked> {
  const loaded = loadConfig(file, overrides);
  // What `mlx check` alone needs stays light.
  const { prepareExperiment } = await import('./prepare.ts');
  const { stages } = await import('./stages.ts');
  const { auditMessages } = await import('./audit.ts');
  const { startState } = await import('./start-state.ts');
  const { data, plan } = await prepareExperiment(
    loaded,
    stages(() => {}),
  );
  startState(loaded, plan);
  return {
    ...checkedLayers(loaded, data.inputs),
    parameters: plan.parameters,
    audit: auditMessages(loaded, data.audit),
  };
}

/** Validates one file; reads headers of data at most, loads no engine. @throws MlxErrors, MlxError */
export function checkConfig(file: string, overrides: Overrides): Checked {
  const loaded = loadConfig(file, overrides);
  const { config, described } = loaded;
  if (!described) return { name: config.name, data: null, layers: [], parameters: null };
  return checkedLayers(loaded, inputShapes(described));
}

function checkedLayers({ config }: LoadedConfig, inputs: readonly InputShape[]): Checked {
  const { name, architecture } = networkOf(config);
  const { steps } = traceLayers(architecture, inputs);
  const wiring = wire(
    architecture,
    inputs.map((input) => input.name),
  );
  const graph = inputs.length > 1 || !isChain(wiring);
  const layers = steps.map((step) => ({
    name: step.name,
    shape: step.shape,
    parameters: step.parameters,
    ...(graph && { inputs: step.inputs }),
  }));
  const parameters = layers.reduce((sum, layer) => sum + layer.parameters, 0);
  const shapes = inputs.map((input) => ({ name: input.name, shape: input.shape }));
  return {
    name,
    data: inputs[0]!.shape,
    ...(inputs.length > 1 && { inputs: shapes }),
    layers,
    parameters,
  };
}
