import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRun } from '../../src/record/index.ts';
import { type Command, type Ended, plain } from './strace.ts';

/** An experiment to disturb, and a run of it that nothing has disturbed. */
export interface Subject {
  readonly root: string;
  /** Where all of it takes place. */
  readonly folder: string;
  /** Of the experiment. */
  readonly name: string;
  /** `run <config>` and its options. */
  readonly args: readonly string[];
  /** The undisturbed run's folder. */
  readonly reference: string;
}

/** Makes the undisturbed run. */
export async function makeReference(subject: Omit<Subject, 'reference'>): Promise<Subject> {
  const experiments = join(subject.folder, 'reference');
  const whole = { ...subject, reference: join(experiments, subject.name, '0001') };
  const ended = await plain(mlx(whole, [...subject.args, '--experiments', experiments], { names: 0 }));
  if (ended.code !== 0 || !existsSync(whole.reference)) throw new Error(`no reference: ${ended.stderr}`);
  return whole;
}

export const mlx = (
  { root, folder }: Subject,
  args: readonly string[],
  more: Partial<Command> = {},
): Command => ({
  args,
  root,
  cwd: folder,
  ...more,
});

/** An empty folder for one case. */
export function place(subject: Subject, name: string): string {
  const folder = join(subject.folder, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

const SAME = [
  'checkpoints/last.safetensors',
  'checkpoints/best.safetensors',
  'model.onnx',
  'predictions.csv',
  'features.json',
];

/** What of a finished run isn't, bit for bit, as the reference has it. */
export function differences({ reference }: Subject, run: string): string[] {
  const read = (folder: string, file: string) => {
    try {
      return readFileSync(join(folder, file));
    } catch {
      return Buffer.from('{}');
    }
  };
  const metrics = (folder: string) =>
    JSON.stringify(JSON.parse(read(folder, 'result.json').toString()).metrics);
  return [
    ...SAME.filter((file) => !read(run, file).equals(read(reference, file))),
    ...(metrics(run) === metrics(reference) ? [] : ['metrics']),
  ];
}

/**
 * Uses what a disturbed mlx has left in an experiments folder: every command must work on it, `mlx resume` must finish the run, and
 * the run must then be the reference, bit for bit.
 * @returns whether there was a run, and what is wrong
 */
export async function aftermath(
  subject: Subject,
  experiments: string,
): Promise<{ run: boolean; problems: string[] }> {
  const problems: string[] = [];
  const of = (...args: string[]) => plain(mlx(subject, [...args, '--experiments', experiments]));
  const want = (what: string, { code, stderr }: Ended, codes: readonly (number | null)[]) => {
    if (!codes.includes(code)) problems.push(`${what}: exit code ${code}: ${stderr.trim().split('\n')[0]}`);
    if (/\n\s+at .*:\d+/.test(stderr)) problems.push(`${what}: a stack trace`);
  };
  const list = await of('list', '--json');
  want('list', list, [0]);
  const [listed, ...others] = list.stdout.split('\n').filter((line) => line !== '');
  if (others.length > 0) problems.push(`list: ${others.length + 1} runs`);
  if (listed === undefined) return { run: false, problems };
  const { run, status } = JSON.parse(listed) as { run: string; status: string };
  if (!['completed', 'failed', 'interrupted', 'died'].includes(status))
    problems.push(`list: status ${status}`);
  const folder = join(experiments, subject.name, run.split('/').at(-1)!);
  const shown = await of('show', run, '--json');
  want('show', shown, [0]);
  const damage = shown.code === 0 ? JSON.parse(shown.stdout).problems : [];
  if (damage.length > 0) problems.push(`show: ${damage.join('; ')}`);
  want('compare', await of('compare', subject.reference, run, '--json'), [0]);
  const resumed = await of('resume', run);
  want('resume', resumed, status === 'completed' ? [2] : [0]);
  if (status === 'completed' && !resumed.stderr.includes('already-completed'))
    problems.push('resume: another error');
  const end = await readRun(folder);
  if (end.status !== 'completed') problems.push(`after resume: status ${end.status}`);
  if (end.problems.length > 0) problems.push(`after resume: ${end.problems.join('; ')}`);
  problems.push(...differences(subject, folder).map((what) => `after resume: another ${what}`));
  return { run: true, problems };
}
