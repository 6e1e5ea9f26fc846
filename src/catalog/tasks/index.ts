import { invariant } from '../../errors.ts';
import type { TargetShape } from '../../protocol/target.ts';
import { fits, type Tag } from '../tags.ts';
import { classification } from './classification.ts';
import { multilabelClassification } from './multilabel-classification.ts';
import { regression } from './regression.ts';
import type { TargetForm, TaskEntry } from './task.ts';

export { fits, type Tag } from '../tags.ts';
export { fitOutput } from './fit-output.ts';
export type * from './task.ts';

// biome-ignore lint/suspicious/noExplicitAny: each task has its own form of target and of predictions
export type AnyTask = TaskEntry<any, any>;

/** Tasks by name, in the order in which help lists them. */
export const tasks: ReadonlyMap<string, AnyTask> = new Map<string, AnyTask>(
  [classification, multilabelClassification, regression].map((task) => [task.name, task]),
);

/** Where a config says nothing. */
export const USUAL_TASK = classification.name;

export function taskOf(name: string): AnyTask {
  const task = tasks.get(name);
  invariant(task, `the task ${name} passed validation`);
  return task;
}

/** What can be asked of this target, whichever of the tasks that have such a one it is for. */
export function formOf(target: TargetShape): TargetForm {
  const task = [...tasks.values()].find((entry) => entry.target.kind === target.kind);
  invariant(task, `a task has targets of the kind ${target.kind}`);
  return task.target;
}

/** The classes of the rows, where each row has one. */
export const classesOf = (target: TargetShape): readonly string[] | undefined =>
  formOf(target).classes(target);

/** Names of the tasks that something is for. */
export const tasksFor = (entry: { readonly needs: readonly Tag[] }): readonly string[] =>
  [...tasks.values()].filter((task) => fits(entry, task)).map(({ name }) => name);
