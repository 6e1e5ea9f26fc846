import type { LoadedConfig } from '../../config/index.ts';
import type { FoldDifference, ReplicateDifference } from '../../evaluate/index.ts';
import type { GroupManifest, GroupRecord, RunBrief, RunRecord } from '../../record/index.ts';
import type { GroupResult, Part } from './result.ts';
import type { GroupView, GroupWords } from './view.ts';

/** One run of a group. */
export interface Member {
  /** Ends the id of its run: `1`, `2`, …, `final`. */
  readonly name: string;
  /** `seed 43`. */
  readonly label: string;
  readonly loaded: LoadedConfig;
  /** Left out of the means. */
  readonly apart?: true;
}

/** A run of a group as its folder has it. */
export interface Outcome {
  readonly label: string;
  readonly run: string;
  readonly apart?: true;
  /** Absent where the run never began. */
  readonly brief?: RunBrief;
  /** Of a run that has no folder. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** What a group comes to, and what its folder gets besides `result.json`. */
export interface Summary {
  readonly result: GroupResult;
  /** Lines of `predictions.csv`; asked for only where all runs completed. */
  predictions?(): Iterable<string>;
}

/** A group as its folder has it. */
export type KeptGroup = GroupRecord & { readonly manifest: GroupManifest };

/** Several runs of one config: which one is next, and what they come to. */
export interface Group {
  readonly kind: string;
  /** What the kind needs besides the config to make this group again; kept in `group.json`. */
  readonly options?: unknown;
  /** The runs that are certain from the start, in order; at least one. */
  readonly planned: readonly Member[];
  /**
   * The run to start next; undefined where there is none, or none until a run that is still at work has
   * ended. The same outcomes give the same run: a group that was interrupted is gone through again from its
   * first one.
   * @param outcomes of the runs so far, in the order in which they were given; unfinished ones among them
   */
  next(outcomes: readonly Outcome[]): Member | undefined;
  /**
   * Whether a group that an earlier call left, of the same kind and config, is this one too: then its
   * finished runs aren't trained again. Absent where each call makes a group of its own.
   */
  continues?(earlier: KeptGroup): Promise<boolean>;
  summary(outcomes: readonly Outcome[], how: { readonly interrupted: boolean }): Promise<Summary>;
}

/** Plans all runs before the first one starts. */
export const inTurn = (members: readonly Member[]): Pick<Group, 'planned' | 'next'> => ({
  planned: members,
  next: (outcomes) => members[outcomes.length],
});

/** A group to compare, with its runs as they are on the disk, in order. */
export interface ComparedGroup {
  /** `A`, `B`, … */
  readonly label: string;
  readonly result: GroupResult;
  readonly members: readonly RunRecord[];
}

/** How a metric of two groups differs; undefined where this metric can't be compared. */
export type GroupTest = (metric: string) => ReplicateDifference | FoldDifference | undefined;

/** A kind of group: an entry of `index.ts`. Nothing outside its file knows its name. */
export interface GroupKind {
  /** As `group.json` and `result.json` have it. */
  readonly name: string;
  /** `report.html` is drawn of such a group. */
  readonly page: boolean;
  /** Decides on runs by what came of earlier ones: `group.json` may name more of them than are planned. */
  readonly grows?: true;
  /** The group that a config asks for, if it asks for one of this kind; absent where only a command does. */
  asked?(loaded: LoadedConfig): Group | undefined;
  /**
   * The group that a folder was made for, to go on with it.
   * @param options as `group.json` has them: anybody's
   * @returns undefined for what this kind doesn't write
   */
  reopened(loaded: LoadedConfig, options: unknown): Group | undefined;
  /**
   * The result so far of a group that left none, from its runs.
   * @param resolved text of its `config.resolved.yaml`; it may be missing or damaged
   */
  soFar(runs: readonly KeptRun[], resolved: string | undefined): GroupResult;
  /** Whether what this kind adds to a result is as it writes it; absent where it adds nothing. */
  isResult?(result: Readonly<Record<string, unknown>>): boolean;
  /** What is shown in place of means; absent where means are shown. */
  view?(result: GroupResult): GroupView;
  /** Absent where no run stands apart and nothing is pooled. */
  readonly words?: GroupWords;
  /**
   * How two groups of this kind, whose data files are the same, are held against each other.
   * @param part the one whose metrics are compared
   * @returns a test, or why there is none
   */
  compared(a: ComparedGroup, b: ComparedGroup, part: Part | undefined): GroupTest | string;
}

/** A run named by a kept `group.json`. */
export interface KeptRun {
  readonly name: string;
  readonly run: string;
  /** Absent where nothing of it is there. */
  readonly brief?: RunBrief;
}
