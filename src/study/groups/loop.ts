import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { configError, dataError, EXIT, MlxError } from '../../errors.ts';
import { type GroupFolder, type RunBrief, readBrief, readRun } from '../../record/index.ts';
import type { Ended, Executor, ExecutorPorts } from '../executors/executor.ts';
import { DEFAULT_EXECUTOR, executors } from '../executors/index.ts';
import { groupKinds } from './index.ts';
import type { Group, Member, Outcome } from './kind.ts';
import type { GroupEvent, GroupResult } from './result.ts';

export interface GroupPorts extends ExecutorPorts {
  /** Where runs are trained; in this process when left out. */
  readonly executor?: string;
  tell(event: GroupEvent): void;
  /** Draws the page of a group's folder. */
  page?(folder: string, result: GroupResult): Promise<void>;
}

/** Does what is left to do of a group, sums up, and lets go of its folder. @returns the exit code */
export async function work(
  folder: GroupFolder,
  group: Group,
  executor: Executor,
  ports: GroupPorts,
): Promise<number> {
  try {
    const runs = group.planned.map(({ name }) => slashed(folder.member(name)));
    ports.tell({ type: 'group_started', group: folder.group, kind: group.kind, runs });
    const { outcomes, interrupted, code } = await trainAll(folder, group, executor);
    if (outcomes.length === 0) return code;
    await sameData(outcomes);
    const { result, predictions } = await group.summary(outcomes, { interrupted });
    if (predictions && result.completed === result.runs) await folder.predictions(predictions());
    await folder.result(result);
    // The result is kept by now; without a page it is as good, and `mlx report` says why there is none.
    if (!interrupted && groupKinds.get(group.kind)?.page)
      await ports.page?.(folder.path, result).catch(() => {});
    ports.tell({ type: 'group_completed', group: folder.group, result });
    if (interrupted) return EXIT.interrupted;
    return code !== EXIT.done ? code : exitOf(result);
  } finally {
    folder.close();
  }
}

/** @throws MlxError `usage` */
export function executorOf({ executor = DEFAULT_EXECUTOR, ...ports }: GroupPorts): Executor {
  const entry = executors.get(executor);
  if (!entry) throw configError('usage', `there is no executor ${JSON.stringify(executor)}`);
  return entry.open(ports);
}

interface Trained {
  /** None where not even the first run could begin: the folder is gone then. */
  readonly outcomes: readonly Outcome[];
  readonly interrupted: boolean;
  /** Of the first run that failed. */
  readonly code: number;
}

/** next -> executor -> outcome, until there is no next run and none is at work. */
async function trainAll(folder: GroupFolder, group: Group, executor: Executor): Promise<Trained> {
  const outcomes: Outcome[] = [];
  const atWork = new Map<number, { readonly member: Member; readonly handle: unknown }>();
  let interrupted = false;
  let code: number = EXIT.done;
  for (;;) {
    const room = !interrupted && atWork.size < executor.parallel;
    const member = room ? group.next(outcomes) : undefined;
    if (member) {
      await folder.add(member.name);
      const outcome = outcomeOf(member, folder);
      const run = folder.member(member.name);
      const begun = outcome.brief !== undefined;
      if (!isOver(outcome.brief))
        atWork.set(outcomes.length, {
          member,
          handle: await executor.start({ loaded: member.loaded, folder: run, begun }),
        });
      outcomes.push(outcome);
      continue;
    }
    if (atWork.size === 0) break;
    const { i, ended } = await firstNews(atWork, executor);
    const { member: over } = atWork.get(i)!;
    if (!ended) continue;
    atWork.delete(i);
    const after = outcomeOf(over, folder);
    const lost = ended.error !== undefined && !after.brief;
    if (lost && atWork.size === 0 && nothingBegan(folder, group, outcomes)) {
      await folder.remove();
      return { outcomes: [], interrupted, code: ended.code };
    }
    outcomes[i] = lost ? { ...after, error: errorText(ended.error) } : after;
    if (ended.code === EXIT.interrupted) interrupted = true;
    else if (ended.error !== undefined && code === EXIT.done) code = ended.code;
  }
  // What an interruption left out.
  for (const member of group.planned.slice(outcomes.length)) outcomes.push(outcomeOf(member, folder));
  return { outcomes, interrupted, code };
}

const nothingBegan = (folder: GroupFolder, { planned }: Group, outcomes: readonly Outcome[]): boolean =>
  outcomes.every(({ brief, error }) => !brief && !error) &&
  planned.every((member) => !outcomeOf(member, folder).brief);

/** Asks about all runs at work; the first answer counts. */
const firstNews = (
  atWork: ReadonlyMap<number, { readonly handle: unknown }>,
  executor: Executor,
): Promise<{ readonly i: number; readonly ended: Ended | undefined }> =>
  Promise.race([...atWork].map(async ([i, { handle }]) => ({ i, ended: await executor.status(handle) })));

const slashed = (path: string) => path.replaceAll('\\', '/');

function exitOf({ status, expectations }: GroupResult): number {
  if (status === 'failed') return EXIT.engine; // by an earlier call
  return expectations?.some((e) => !e.passed) ? EXIT.expectation : EXIT.done;
}

function outcomeOf({ name, label, apart, loaded }: Member, folder: GroupFolder): Outcome {
  const run = folder.member(name);
  const began = statSync(join(run, 'config.yaml'), { throwIfNoEntry: false })?.isFile();
  const id = basename(run);
  return {
    label,
    run: slashed(run),
    ...(apart && { apart }),
    ...(began && { brief: readBrief({ name: loaded.config.name, id, folder: run }) }),
  };
}

/** There is nothing left to do: it completed, or would fail in the same step again. */
const isOver = (brief: RunBrief | undefined): boolean =>
  brief?.status === 'completed' || brief?.result?.error?.code === 'nan-loss';

const errorText = (error: unknown) => ({
  code: error instanceof MlxError ? error.code : 'internal',
  message: error instanceof Error ? error.message : String(error),
});

/**
 * Runs that were trained on other files, between an interruption and a resume, have nothing in common.
 * @throws MlxError `run-changed`
 */
async function sameData(outcomes: readonly Outcome[]): Promise<void> {
  let first: { readonly run: string; readonly files: string } | undefined;
  for (const { run, brief } of outcomes) {
    if (brief?.status !== 'completed') continue;
    const { lock } = await readRun(brief.folder);
    const files = JSON.stringify(lock?.data?.files?.map(({ name, sha256 }) => [name, sha256]) ?? []);
    first ??= { run, files };
    if (first.files !== files)
      throw dataError('run-changed', `${run} was trained on other data files than ${first.run}`, {
        help: 'start the group again with mlx run',
      });
  }
}
