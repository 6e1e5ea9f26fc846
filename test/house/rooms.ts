/** A folder of src, what it knows, and what it may import. */
export interface Room {
  readonly name: string;
  readonly knows: string;
  /**
   * Rooms above it in this list; `graph types` allows only `import type`, and a path allows one file. Everyone may import
   * `errors.ts` and its own room.
   */
  readonly may: readonly string[];
}

/** From the bottom up: a room imports only rooms that come before it. ARCHITECTURE's table is generated from this list. */
export const rooms: readonly Room[] = [
  {
    name: 'base',
    knows:
      'pure helpers for everyone: counter-based random streams, shapes, orders, quantiles, words, proofs',
    may: [],
  },
  {
    name: 'graph',
    knows: 'the tensor IR: a closed set of primitives, their shapes and gradients, printer, verifier',
    may: ['base'],
  },
  {
    name: 'plan',
    knows: 'what an engine runs, as plain data: programs, state, scalars; its printed text',
    may: ['base', 'graph'],
  },
  {
    name: 'protocol',
    knows: 'what travels between threads and what is kept: events, results, targets, decisions; no behaviour',
    may: ['base'],
  },
  {
    name: 'readers',
    knows:
      'bytes to columns: tables (DuckDB), arrays (NumPy), pictures (IDX), downloads, fingerprints of files',
    may: ['base', 'protocol'],
  },
  {
    name: 'catalog',
    knows:
      'everything that a YAML file can name, one file each: sources, row steps, transforms, layers, losses, …',
    may: ['base', 'graph', 'protocol', 'readers'],
  },
  {
    name: 'config',
    knows: 'YAML text to one frozen `Config`: positions, overrides, error messages, JSON Schema',
    may: ['base', 'protocol', 'readers types', 'catalog'],
  },
  {
    name: 'compile',
    knows:
      'build, differentiate, simplify, schedule: pure functions from a config and the shapes of data to a plan',
    may: ['base', 'graph', 'plan', 'protocol', 'catalog', 'config'],
  },
  {
    name: 'engines',
    knows: '`engine.ts` (the interface), `reference` (float64, defines what is right), `onnx`, `gpujs`',
    may: ['base', 'graph', 'plan', 'protocol'],
  },
  {
    name: 'evaluate',
    knows: 'predictions and truth to metrics with intervals, paired tests, verdicts',
    may: ['base', 'protocol', 'catalog'],
  },
  {
    name: 'data',
    knows:
      'the data section at work: read, split, audit, fit the features, balance, batches, cache; `mlx init`',
    may: ['base', 'graph types', 'protocol', 'readers', 'catalog', 'config'],
  },
  {
    name: 'train',
    knows:
      'the training thread: a plan, an engine and batches become events; what is learned after the last step',
    may: ['base', 'graph', 'plan', 'protocol', 'catalog', 'config', 'compile', 'engines', 'evaluate', 'data'],
  },
  {
    name: 'record',
    knows: 'events, tensors and results to `experiments/<name>/<run-id>/` and back',
    may: ['base', 'plan', 'protocol', 'evaluate types'],
  },
  {
    name: 'pipeline',
    knows: '`pipeline.ts` and its parts: load, prepare, compile, train, judge, record',
    may: [
      'base',
      'graph types',
      'plan',
      'protocol',
      'readers',
      'catalog',
      'config',
      'compile',
      'engines',
      'evaluate',
      'data',
      'train',
      'record',
    ],
  },
  {
    name: 'ask',
    knows: 'a finished run that answers: explanations',
    may: [
      'base',
      'plan',
      'protocol',
      'readers types',
      'catalog',
      'config',
      'compile',
      'engines',
      'evaluate',
      'data',
      'train',
      'record',
      'pipeline',
    ],
  },
  {
    name: 'study',
    knows: 'several runs: groups, compare, reproduce, list, clean',
    may: ['base', 'protocol', 'config', 'data', 'train types', 'evaluate', 'record', 'pipeline'],
  },
  {
    name: 'report',
    knows: 'what people read: live view, plain lines, NDJSON, summaries, pages, files for other tools',
    may: ['base', 'protocol', 'evaluate types', 'data types', 'record', 'study types'],
  },
  {
    name: 'cli',
    knows: 'one file a command: its arguments, its help and its work',
    may: [
      'base',
      'plan',
      'protocol',
      'readers/table/write-parquet.ts',
      'readers/download/fetch-file.ts',
      'engines/onnx/export.ts',
      'config',
      'data',
      'train',
      'record',
      'pipeline',
      'ask',
      'study',
      'report',
    ],
  },
];

/** A package that is slow to load or native: one folder may import it, and does so lazily. */
export interface HeavyPackage {
  readonly name: string;
  readonly folder: string;
  readonly does: string;
}

export const heavyPackages: readonly HeavyPackage[] = [
  {
    name: '@duckdb/node-api',
    folder: 'readers/table',
    does: 'reads tables, takes row steps, writes Parquet',
  },
  { name: 'onnxruntime-node', folder: 'engines/onnx', does: 'runs plans and exported models' },
  { name: 'gpu.js', folder: 'engines/gpujs', does: 'runs plans on GPUs and in WebAssembly' },
  { name: 'webgpu', folder: 'engines/gpujs', does: 'WebGPU for gpu.js' },
  { name: 'gl', folder: 'engines/gpujs', does: 'OpenGL for gpu.js, where a user adds it' },
  { name: 'umap-js', folder: 'data/look', does: 'projections in `mlx inspect`' },
  { name: 'vega', folder: 'report/look', does: 'charts of `mlx inspect`' },
  { name: 'vega-lite', folder: 'report/look', does: 'specifications of those charts' },
  { name: 'ink', folder: 'report/tui', does: 'the live view in a terminal' },
  { name: 'react', folder: 'report/tui', does: "the live view's components" },
];
