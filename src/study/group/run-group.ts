import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { configError, dataError, EXIT, MlxError } from '../../errors.ts';
import type { LearningCurve } from '../../evaluate/index.ts';
import { curveMembers } from '../../pipeline/curve-members.ts';
import { type Member, type Members, membersOf, reopenGroup } from '../../pipeline/members.ts';
import { type LoadedConfig, type RunPorts, resumeExperiment, runExperiment } from '../../pipeline.ts';
import {
  createGroup,
  type GroupFolder,
  openGroup,
  type RunBrief,
  readBrief,
  readGroup,
  readRun,
} from '../../record/index.ts';
import { asCurveOptions, CURVE, curveOf } from './curve.ts';
import { readFolds } from './out-of-fold.ts';
import type { GroupEvent, GroupResult } from './result.ts';
import { type Outcome, summarize } from './summarize.ts';

export interface GroupPorts extends Pick<RunPorts, 'experiments' | 'cache' | 'threads' | 'report'> {
  /** Does one run under a reporter, which shows what it throws. @returns its exit code */
  each(work: (ports: Pick<RunPorts, 'handle' | 'emit'>) => Promise<number>): Promise<number>;
  tell(event: GroupEvent): void;
  /** Draws the page of a group's folder. */
  page?(folder: string, result: GroupResult): Promise<void>;
}

/**
 * Several runs of one config, one after the other, each in a folder of its own; then their means. A run that an error ends is told and
 * doesn't end the others, unless it is the first and nothing of it could begin: then nothing stays behind.
 * @returns the exit code: of the first run that failed, else 1 for a gate that the means miss; 130 when interrupted
 * @throws MlxError `record-write`
 */
export async function runGroup(loaded: LoadedConfig, asked: Members, ports: GroupPorts): Promise<number> {
  const folder = await createGroup({
    root: ports.experiments,
    name: loaded.config.name,
    kind: asked.kind,
    members: asked.members.map(({ name }) => name),
    configFile: loaded.file,
    configText: loaded.text,
    resolvedText: loaded.resolved,
  });
  return work(folder, loaded, asked, ports);
}

/** Goes on with a group that was interrupted, or failed in part: to the same results as one that wasn't. */
export async function resumeGroup(path: string, ports: GroupPorts): Promise<number> {
  const record = readGroup(path);
  const { loaded, manifest } = reopenGroup(record);
  const options = manifest.kind === CURVE ? asCurveOptions(manifest.options) : undefined;
  const asked = options ? curveMembers(loaded, options) : membersOf(loaded);
  const names = asked?.members.map(({ name }) => name).join();
  if (!asked || asked.kind !== manifest.kind || names !== manifest.members.join())
    throw dataError('run-damaged', `${path} can't be resumed: its group.json isn't of its config`, {
      help: 'start it again with mlx run',
    });
  if (record.result?.['status'] === 'completed')
    throw configError('already-completed', `${path} is completed: there is nothing to resume`, {
      help: 'run it again with mlx run',
    });
  const curve = options && ((outcomes: readonly Outcome[]) => curveOf(outcomes, options));
  return work(openGroup({ ...record, manifest }), loaded, asked, ports, curve);
}

/**
 * Does what is left to do of a group, sums up, and lets go of its folder.
 * @param curve what the runs of a learning curve show
 */
export async function work(
  folder: GroupFolder,
  loaded: LoadedConfig,
  { kind, members, spread }: Members,
  ports: GroupPorts,
  curve?: (outcomes: readonly Outcome[]) => Promise<LearningCurve | undefined>,
): Promise<number> {
  try {
    const runs = members.map(({ name }) => folder.member(name));
    ports.tell({ type: 'group_started', group: folder.group, kind, runs: runs.map(slashed) });
    const outcomes: Outcome[] = [];
    let failed: number = EXIT.done;
    let interrupted = false;
    for (const member of members) {
      const outcome = outcomeOf(member, folder);
      if (interrupted || isOver(outcome.brief)) {
        outcomes.push(outcome);
        continue;
      }
      const { code, error } = await trained(member, outcome, ports);
      const after = outcomeOf(member, folder);
      if (error !== undefined && !after.brief && outcomes.length === 0) {
        await folder.remove();
        return code;
      }
      outcomes.push(error !== undefined && !after.brief ? { ...after, error: told(error) } : after);
      if (code === EXIT.interrupted) interrupted = true;
      else if (error !== undefined && failed === EXIT.done) failed = code;
    }
    await sameData(outcomes);
    const expect = curve ? [] : loaded.config.expect;
    const tables = kind === 'k_fold' ? foldsOf(outcomes) : undefined;
    const outOfFold = tables && !('missing' in tables) ? tables : undefined;
    const summary = summarize(outcomes, { kind, spread, expect, interrupted, ...outOfFold });
    const drawn = interrupted ? undefined : await curve?.(outcomes);
    // A mean over sizes would be a mean of nothing.
    const result = curve ? { ...summary, metrics: {}, ...(drawn && { curve: drawn }) } : summary;
    if (outOfFold && result.completed === result.runs) await folder.predictions(outOfFold.lines());
    await folder.result(result);
    // The result is kept by now; without a page it is as good, and `mlx report` says why there is none.
    if (!curve && !interrupted) await ports.page?.(folder.path, result).catch(() => {});
    ports.tell({ type: 'group_completed', group: folder.group, result });
    if (interrupted) return EXIT.interrupted;
    return failed !== EXIT.done ? failed : exitOf(result);
  } finally {
    folder.close();
  }
}

/** What the folds' runs that completed said of rows that they never trained on. */
function foldsOf(outcomes: readonly Outcome[]): ReturnType<typeof readFolds> {
  const folds = outcomes.filter(({ apart, brief }) => !apart && brief?.status === 'completed');
  return readFolds(
    folds.map(({ label, brief }) => ({
      run: brief!.folder,
      label,
      result: brief!.result,
    })),
  );
}

const slashed = (path: string) => path.replaceAll('\\', '/');

function exitOf({ status, expectations }: GroupResult): number {
  if (status === 'failed') return EXIT.engine; // in an earlier go
  return expectations?.some((e) => !e.passed) ? EXIT.expectation : EXIT.done;
}

/** One run, from its start or from where it stopped. */
async function trained(
  { loaded }: Member,
  { run, brief }: Outcome,
  { experiments, cache, threads, report, each }: GroupPorts,
): Promise<{ code: number; error: unknown }> {
  let error: unknown;
  const code = await each(async (handles) => {
    const ports: RunPorts = {
      experiments,
      threads,
      ...(cache !== undefined && { cache }),
      ...(report && { report }),
      ...handles,
    };
    try {
      return brief
        ? await resumeExperiment(run, ports)
        : await runExperiment(loaded, { ...ports, id: basename(run) });
    } catch (thrown) {
      error = thrown;
      throw thrown;
    }
  });
  return { code, error };
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

const told = (error: unknown) => ({
  code: error instanceof MlxError ? error.code : 'internal',
  message: error instanceof Error ? error.message : String(error),
});

/** Runs that were trained on other files, between an interruption and a resume, have no common mean. @throws MlxError `run-changed` */
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
