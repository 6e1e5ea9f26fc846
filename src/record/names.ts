/** The files of a run folder. */
export const FILES = {
  config: 'config.yaml',
  resolved: 'config.resolved.yaml',
  lock: 'lock.json',
  plan: 'plan.txt',
  events: 'events.ndjson',
  result: 'result.json',
  predictions: 'predictions.csv',
  model: 'model.onnx',
  exhibits: 'exhibits.json',
  report: 'report.html',
  columns: 'columns.json',
  features: 'features.json',
  checkpoints: 'checkpoints',
  lease: 'lease.json',
  tags: 'tags.json',
  group: 'group.json',
  explain: 'explain',
} as const;

export const checkpointName = (kind: 'last' | 'best'): string => `${FILES.checkpoints}/${kind}.safetensors`;
