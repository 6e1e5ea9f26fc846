import type { Command } from 'commander';
import { configError } from '../errors.ts';
import type { LoadedConfig } from '../pipeline.ts';
import type { GroupResult } from '../study/groups/result.ts';
import type { EarlyThread } from '../train/thread.ts';
import { chartsOf } from './charts.ts';
import { configured, trains } from './command.ts';
import type { RunOptions } from './run.ts';

export const learningCurve = (mlx: Command): Command =>
  configured(mlx.command('learning-curve'))
    .description('train on growing parts of the training rows: would more data help, or a larger model?')
    .argument('<config>', 'a YAML file')
    .option(
      '--sizes <percentages>',
      'shares of the training part; 100 is always among them',
      '10,20,40,70,100',
    )
    .option('--seeds <count>', 'runs at each size; those of the config, else 3')
    .option('--metric <name>', 'the metric to look at; the first of the config when left out')
    .option('--equal-steps', 'as many steps at each size, by more epochs over fewer rows')
    .option(
      '--experiments <folder>',
      'where run folders go; finished sizes there are not trained again',
      'experiments',
    )
    .option('--no-cache', 'prepare the data anew instead of taking what an earlier run prepared')
    .option('--no-tui', 'plain lines instead of the live view')
    .option('--charts <tier>', 'braille | blocks | ascii')
    .option('--json', 'one JSON object on stdout')
    .option('--markdown', 'fit for a comment of a pull request')
    .action(trains(work));

interface LearningCurveOptions extends RunOptions {
  readonly sizes: string;
  readonly seeds?: string;
  readonly metric?: string;
  readonly equalSteps?: boolean;
  readonly markdown?: boolean;
}

const MOST_SIZES = 50;
const MOST_SEEDS = 100;

/** Runs are shown on stderr; what they come to goes to stdout. */
async function work(threads: EarlyThread, file: string, options: LearningCurveOptions): Promise<number> {
  const [
    { loadConfig },
    { groupLines, groupMarkdown },
    { shownAs },
    { curveMetric, learningCurveOf },
    { runGroup },
    { grouped },
  ] = await Promise.all([
    import('../pipeline.ts'),
    import('../report/group.ts'),
    import('../study/groups/index.ts'),
    import('../study/groups/learning-curve/index.ts'),
    import('../study/groups/run.ts'),
    import('./training.ts'),
  ]);
  const charts = chartsOf(options.charts) ?? 'braille';
  const sizes = sizesOf(options.sizes);
  const loaded = loadConfig(file, options);
  const curve = learningCurveOf(loaded, {
    sizes,
    seeds: seedsOf(options.seeds, loaded),
    equal_steps: options.equalSteps === true,
    metric: options.metric ?? curveMetric(loaded),
  });
  let found: { group: string; result: GroupResult } | undefined;
  const { json, ...shown } = options;
  const code = await grouped({ ...shown, quiet: true }, threads, (ports) =>
    runGroup(loaded, curve, {
      ...ports,
      cache: options.cache,
      tell(event) {
        if (event.type === 'group_completed') found = event;
      },
    }),
  );
  if (!found) return code;
  const { group, result } = found;
  const drawn = shownAs(result);
  if (json) process.stdout.write(`${JSON.stringify({ group, ...result })}\n`);
  else if (options.markdown) process.stdout.write(groupMarkdown(group, result, drawn));
  else process.stdout.write(`${groupLines(group, result, { ...drawn, charts }).join('\n')}\n`);
  return code;
}

/** `10,20,40,70,100`: percent, ascending, all rows among them. */
function sizesOf(text: string): number[] {
  const percents = text.split(',').map((part) => Number(part.trim().replace(/%$/, '') || Number.NaN));
  const wrong = percents.find((p) => !(p > 0 && p <= 100));
  if (wrong !== undefined || percents.length > MOST_SIZES)
    throw configError(
      'usage',
      `--sizes takes up to ${MOST_SIZES} percentages above 0, found ${JSON.stringify(text.slice(0, 80))}`,
      {
        help: 'write --sizes 10,20,40,70,100',
      },
    );
  const all = [...new Set([...percents, 100])].sort((a, b) => a - b);
  return all.map((p) => p / 100);
}

function seedsOf(text: string | undefined, { config }: LoadedConfig): readonly number[] {
  if (text === undefined && config.seeds) return config.seeds;
  const seeds = text === undefined ? 3 : Number(text || Number.NaN);
  if (!Number.isInteger(seeds) || seeds < 1 || seeds > MOST_SEEDS)
    throw configError(
      'usage',
      `--seeds takes a whole number from 1 to ${MOST_SEEDS}, found ${JSON.stringify(text)}`,
    );
  return Array.from({ length: seeds }, (_, i) => config.seed + i);
}
