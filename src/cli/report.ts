import type { Command } from 'commander';
import { EXIT } from '../errors.ts';
import { escapeText } from '../report/escape.ts';
import { exits } from './command.ts';

export const report = (mlx: Command): Command =>
  mlx
    .command('report')
    .description('draw the page of a run anew; a completed one has it already: report.html in its folder')
    .argument('<run>', 'run id, <name>/<run-id>, or its folder')
    .option('--out <file>', 'where the page goes; report.html in the run’s folder when left out')
    .option('--experiments <folder>', 'where run folders are', 'experiments')
    .action(exits(work));

/** Of any run: one that was stopped, failed, or made by an earlier version. */
async function work(
  run: string,
  { experiments, out }: { readonly experiments: string; readonly out?: string },
): Promise<number> {
  const [{ join }, { FILES, findGroup, findRun }, { drawGroupReport, drawReport }] = await Promise.all([
    import('node:path'),
    import('../record/index.ts'),
    import('./draw-report.ts'),
  ]);
  const group = await findGroup(experiments, run);
  const folder = group ?? (await findRun(experiments, run));
  const page = out ?? join(folder, FILES.report);
  await (group === undefined ? drawReport(folder, page) : drawGroupReport(folder, { out: page }));
  process.stdout.write(`${escapeText(page)}\n`);
  return EXIT.done;
}
