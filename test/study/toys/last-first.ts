import type { Ended, ExecutorEntry, Task } from '../../../src/study/executors/executor.ts';
import { here } from '../../../src/study/executors/here.ts';

/** Takes all runs at once and trains the one that was given last before the others. */
export const lastFirst: ExecutorEntry = {
  name: 'last_first',
  open(ports) {
    const inner = here.open(ports);
    const waiting: Task[] = [];
    const ended = new Map<Task, Ended | undefined>();
    let work: Promise<void> | undefined;
    const train = async () => {
      for (let task = waiting.pop(); task; task = waiting.pop())
        ended.set(task, await inner.status(await inner.start(task)));
    };
    return {
      parallel: Number.POSITIVE_INFINITY,
      start: async (task) => {
        waiting.push(task);
        return task;
      },
      async status(task) {
        work ??= train().finally(() => {
          work = undefined;
        });
        await work;
        return ended.get(task as Task);
      },
    };
  },
};
