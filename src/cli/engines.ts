import type { Command } from 'commander';
import { configError, EXIT } from '../errors.ts';
import { escapeText } from '../report/escape.ts';
import type { EngineReport, Speed } from '../train/survey-engines.ts';
import { exits } from './command.ts';

export const engines = (mlx: Command): Command =>
  mlx
    .command('engines')
    .description(
      'what can compute here: every engine and mode, its device, why one is missing, and how fast each is',
    )
    .option('--no-measure', 'list only; measure nothing')
    .option('--threads <count>', 'threads for onnx and webasm; all by default')
    .option('--json', 'one JSON object an engine on stdout')
    .action(exits(work));

interface Options {
  readonly measure: boolean;
  readonly json?: boolean;
  readonly threads?: string;
}

/** Exit code 0 whatever is missing. */
async function work({ measure, json, threads }: Options): Promise<number> {
  const count = threads === undefined ? undefined : Number(threads);
  if (count !== undefined && !(Number.isInteger(count) && count >= 1 && count <= 1024))
    throw configError('usage', `--threads takes a whole number from 1 to 1024, found "${threads}"`);
  const { surveyEngines } = await import('../train/survey-engines.ts');
  if (!json && measure) process.stdout.write(`${HEAD}\n`);
  const report = (found: EngineReport) =>
    process.stdout.write(json ? `${JSON.stringify(found)}\n` : `${engineText(found, measure)}\n`);
  await surveyEngines({ measure, threads: count, report });
  if (!json)
    process.stdout.write('use      mlx run <config> --engine <engine>, or `engine:` in the config\n');
  return EXIT.done;
}

const NAME = 18;
const SPEED = 25;
const pad = (text: string, width: number) => text.padEnd(width);
const HEAD = `  ${pad('engine', NAME)}${pad('matmul 512³', SPEED)}${pad('step 784-128-10 ×128', SPEED)}device`;

/** One engine's lines: what was measured and where, or why it is missing and how to get it. */
export function engineText(report: EngineReport, measured: boolean): string {
  const { engine, available, hardware, device, reason, help, matmul, step } = report;
  if (!available) {
    const lines = [`✗ ${pad(engine, NAME)}${escapeText(reason ?? 'not available')}`];
    if (help) lines.push(`  ${pad('', NAME)}help: ${escapeText(help)}`);
    return lines.join('\n');
  }
  const software = !hardware && /^gpujs:(?:webgpu|headlessgl)$/.test(engine);
  const shown = `${escapeText(device)}${software ? ' (software, not a GPU)' : ''}`;
  const speeds = measured ? `${pad(speedText(matmul), SPEED)}${pad(speedText(step), SPEED)}` : '';
  const failures = [matmul, step].flatMap((s) => (s && 'failed' in s ? [s.failed] : []));
  const lines = failures.map((text) => `  ${pad('', NAME)}failed: ${escapeText(text)}`);
  return [`✓ ${pad(engine, NAME)}${speeds}${shown}`, ...new Set(lines)].join('\n');
}

function speedText(speed: Speed | undefined): string {
  if (!speed) return '-';
  if ('failed' in speed) return 'failed';
  return `${digits(speed.gflops)} GFLOP/s, ${digits(speed.milliseconds)} ms`;
}

/** Three digits are more than such a short measurement repeats. */
const digits = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
