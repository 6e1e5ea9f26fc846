import { type Choice, comment } from './choose.ts';
import type { FoundData } from './find-data.ts';

const WORDS = /^(true|false|null|yes|no|on|off|y|n)$/i;

/** A text as YAML on one line: plain where it has no special meaning, else in double quotes. */
export function yaml(text: string): string {
  if (/^[A-Za-z_./][\w./-]*( [\w./-]+)*$/.test(text) && !WORDS.test(text)) return text;
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (c) =>
    /[\p{L}\p{N}]/u.test(c) ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
const list = (names: readonly string[]) => `[${names.map(yaml).join(', ')}]`;
/** `"name"` in an SQL expression. */
const column = (name: string) => `"${name.replaceAll('"', '""')}"`;
const constant = (text: string) => `'${text.replaceAll("'", "''")}'`;

export interface Names {
  readonly name: string;
  /** Path of the schema from the new file's folder. */
  readonly schema: string;
  /** The data's name, for the first line. */
  readonly shown: string;
}

/** The first config of a table: it passes `mlx check` and trains; comments give the reasons. */
export function tableConfig(
  data: Extract<FoundData, { path: string }>,
  choice: Choice,
  names: Names,
): string {
  const { target, task, split } = choice;
  return [
    `# yaml-language-server: $schema=${names.schema}`,
    `# A first experiment on ${comment(names.shown)}, written by mlx init. Change what you know better.`,
    `name: ${names.name}`,
    'seed: 42',
    `task: ${task} # ${comment(target)}: ${choice.why}`,
    '',
    'data:',
    `  source: { type: ${data.type}, path: ${yaml(data.path)}${data.sha256 ? `, sha256: ${yaml(data.sha256)}` : ''} }`,
    `  target: ${yaml(target)}${choice.guessed ? ' # guessed: name another with --target' : ''}`,
    ...rows(choice),
    `  split: ${splitText(choice)} # ${split.why}`,
    ...features(choice),
    '',
    ...network(choice),
    '',
    ...training(choice),
    '',
    ...EVALUATION,
    '',
  ].join('\n');
}

const MOST_TOLD = 12;

const EVALUATION = [
  'evaluation:',
  '  baselines: auto # simple models on the same rows, in an eighth of the run’s time at most: is a network needed at all?',
];

function rows({ dropped, lacksTarget, rare, target, unit }: Choice): string[] {
  const steps: string[] = [];
  if (lacksTarget > 0)
    steps.push(
      `    - drop_missing: { columns: ${list([target])} } # ${lacksTarget} rows lack it: nothing to learn from`,
    );
  if (rare.length > 0)
    steps.push(
      `    # ${rare.length === 1 ? 'A class' : `${rare.length} classes`} with fewer than 3 rows can't be in every part.`,
      `    - filter: ${yaml(`${column(target)} NOT IN (${rare.map(constant).join(', ')})`)}`,
    );
  if (unit) {
    const moved = unit.from === 0 ? column(target) : `(${column(target)} - ${unit.from})`;
    steps.push(
      `    # A network starts near 0 and learns numbers of that size: metrics and predictions are in this unit as well.`,
      `    - derive: { ${yaml(target)}: ${yaml(unit.by === 1 ? moved : `${moved} / ${unit.by}`)} }`,
    );
  }
  if (dropped.length > 0) {
    const reasons = dropped.slice(0, MOST_TOLD).map(({ name, why }) => `    # ${comment(name)}: ${why}`);
    if (dropped.length > MOST_TOLD) reasons.push(`    # and ${dropped.length - MOST_TOLD} more`);
    steps.push(...reasons, `    - drop: ${list(dropped.map(({ name }) => name))}`);
  }
  return steps.length > 0 ? ['  rows:', ...steps] : [];
}

function splitText({ split, validation, task }: Choice): string {
  const parts = [...(validation ? ['validation: 0.2'] : []), 'test: 0.2'];
  if (split.type === 'random')
    return `{ ${parts.join(', ')}${task === 'regression' ? '' : ', stratify: true'} }`;
  return `{ type: ${split.type}, column: ${yaml(split.column!)}, ${parts.join(', ')} }`;
}

function features({ numbers, categories, crowded, texts, missing, rows: count }: Choice): string[] {
  const steps: string[] = [];
  if (missing)
    steps.push(
      '    - impute: { numeric: median, categorical: constant, level: missing, indicators: true } # holes, and where they were',
    );
  if (crowded.length > 0)
    steps.push(
      `    - encode: { type: frequency, columns: ${list(crowded)} } # too many levels for a column each`,
    );
  if (categories.length > 0)
    steps.push(
      `    - encode: { type: one_hot, min_frequency: ${Math.max(2, Math.round(count / 200))} } # rarer levels share a column`,
    );
  if (texts.length > 0)
    steps.push('    - vectorize: { type: tf_idf, max_features: 200 } # which words a text has');
  if (numbers.length > 0 || crowded.length > 0)
    steps.push('    - normalize: standard # mean 0, standard deviation 1; learned from training rows');
  return steps.length > 0
    ? ['  features: # in this order, each fitted on the training rows alone', ...steps]
    : [];
}

function network({ rows: count, classes, task }: Choice): string[] {
  const units = count < 1000 ? 16 : count < 20_000 ? 32 : 64;
  return [
    'architecture: # small on purpose: see what it reaches before making it larger',
    `  - dense: { units: ${units}, activation: relu }`,
    ...(count >= 1000 ? [`  - dense: { units: ${units / 2}, activation: relu }`] : []),
    `  - dense: { units: ${task === 'classification' ? classes : 1} } # ${task === 'classification' ? 'one for each class; the loss adds the softmax' : 'the number itself'}`,
    'optimizer: { type: adam, learning_rate: 0.003 }',
  ];
}

function training({ rows: count, validation }: Choice): string[] {
  const batch = count < 2000 ? 32 : count < 50_000 ? 128 : count < 500_000 ? 1024 : 4096;
  const epochs = count < 50_000 ? 60 : count < 500_000 ? 20 : 4;
  return [
    'training:',
    `  batch_size: ${batch}`,
    `  epochs: ${epochs}`,
    ...(validation
      ? [
          '  early_stopping: { monitor: val_loss, patience: 8 } # ends when the validation part gets no better',
        ]
      : []),
  ];
}

/** The first config of images in MNIST's format. */
export function idxConfig(
  data: Extract<FoundData, { images: string }>,
  classes: number,
  names: Names,
): string {
  const files = Object.entries(data).map(
    ([key, value]) => `${key}: ${key === 'type' ? value : yaml(String(value))}`,
  );
  return [
    `# yaml-language-server: $schema=${names.schema}`,
    `# A first experiment on ${comment(names.shown)}, written by mlx init. Change what you know better.`,
    `name: ${names.name}`,
    'seed: 42',
    '',
    'data:',
    `  source: { ${files.join(', ')} }`,
    data.test_images
      ? '  split: { type: fixed, validation: 0.1 } # the files’ own training and test parts'
      : '  split: { validation: 0.1, test: 0.2 } # the same shares of each class in every part',
    '  features: [ normalize: pixel ] # 0 to 255 becomes 0 to 1',
    '',
    'architecture: # small on purpose: see what it reaches before making it larger',
    '  - conv2d: { filters: 16, kernel_size: 3, activation: relu }',
    '  - max_pooling2d',
    '  - flatten',
    `  - dense: { units: ${classes} } # one for each class; the loss adds the softmax`,
    'optimizer: { type: adam, learning_rate: 0.001 }',
    '',
    'training:',
    '  batch_size: 128',
    '  epochs: 5',
    '  early_stopping: { monitor: val_loss, patience: 2 } # ends when the validation part gets no better',
    '',
    ...EVALUATION,
    '',
  ].join('\n');
}
