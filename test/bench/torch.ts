import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** PyTorch in a process of its own, which answers when it has run some steps. */
export interface Torch {
  readonly version: string;
  /** @returns median milliseconds of a step, and those of the first step with the model's creation */
  run(model: string, steps: number): Promise<{ ms: number; first: number }>;
  close(): void;
}

/** @returns undefined when no python on this machine has torch */
export async function startTorch(folder: string, threads: number): Promise<Torch | undefined> {
  // torch.set_num_threads alone leaves its BLAS with all cores.
  const env = { ...process.env, OMP_NUM_THREADS: `${threads}`, OPENBLAS_NUM_THREADS: `${threads}` };
  for (const python of ['/usr/bin/python3', 'python3']) {
    const child = spawn(python, [join(folder, 'torch_step.py'), `${threads}`], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env,
    });
    child.on('error', () => {});
    child.stdin.on('error', () => {});
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done) continue;
    return {
      version: first.value,
      async run(model, steps) {
        child.stdin.write(`run ${model} ${steps}\n`);
        const answer = await lines.next();
        if (answer.done) throw new Error('PyTorch ended early');
        const [ms, first] = (answer.value as string).split(' ').map(Number) as [number, number];
        return { ms, first };
      },
      close: () => child.stdin.end(),
    };
  }
  return undefined;
}
