import { basename } from 'node:path';
import { type RunPorts, resumeExperiment, runExperiment } from '../../pipeline.ts';
import type { Ended, Executor, ExecutorEntry, ExecutorPorts, Task } from './executor.ts';

/** In this process, one run after the other. */
export const here: ExecutorEntry = {
  name: 'here',
  open: (ports): Executor<{ readonly ended: Promise<Ended> }> => ({
    parallel: 1,
    start: async (task) => ({ ended: train(task, ports) }),
    status: ({ ended }) => ended,
  }),
};

async function train({ loaded, folder, begun }: Task, ports: ExecutorPorts): Promise<Ended> {
  const { experiments, cache, threads, report, each } = ports;
  let error: unknown;
  const code = await each(async (handles) => {
    const own: RunPorts = {
      experiments,
      threads,
      ...(cache !== undefined && { cache }),
      ...(report && { report }),
      ...handles,
    };
    try {
      return begun
        ? await resumeExperiment(folder, own)
        : await runExperiment(loaded, { ...own, id: basename(folder) });
    } catch (thrown) {
      error = thrown;
      throw thrown;
    }
  });
  return { code, ...(error !== undefined && { error }) };
}
