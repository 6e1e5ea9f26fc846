import { Document, type Node } from 'yaml';
import type { Config } from './config.ts';

/**
 * Text of `config.resolved.yaml`: the surface syntax with every default in place. Loading it gives
 * the same config.
 */
export function resolvedText(config: Config): string {
  const { name, seed, seeds, task, engine, data, loss, optimizer, schedule, training, evaluation, expect } =
    config;
  const document = new Document(undefined, { version: '1.2', aliasDuplicateObjects: false });
  /** On one line: `{ type: adam, learning_rate: 0.001 }`. */
  const flow = (value: unknown): Node => document.createNode(value, { flow: true });
  document.contents = document.createNode({
    name,
    seed,
    seeds: seeds && flow(seeds),
    task,
    engine: flow(engine),
    data: {
      source: flow(data.source),
      target: typeof data.target === 'string' ? data.target : data.target && flow(data.target),
      columns: flow(data.columns),
      seed: data.seed,
      rows: data.rows.map(({ kind, value }) => ({ [kind]: flow(value) })),
      split: flow(data.split),
      audit: flow(data.audit),
      features: data.features.map(({ kind, ...typed }) => ({ [kind]: flow(typed) })),
      balance: data.balance && flow(data.balance),
    },
    architecture: config.architecture.map(({ type, ...fields }) => ({ [type]: flow(fields) })),
    loss: flow(loss),
    optimizer: flow(optimizer),
    schedule: flow(schedule),
    training: { ...training, early_stopping: training.early_stopping && flow(training.early_stopping) },
    evaluation: {
      metrics: flow(evaluation.metrics),
      baselines: flow(evaluation.baselines),
      calibration: evaluation.calibration && flow(evaluation.calibration),
      threshold: evaluation.threshold && flow(evaluation.threshold),
    },
    expect,
  });
  return document.toString({ lineWidth: 0 });
}
