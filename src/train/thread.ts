import { Worker } from 'node:worker_threads';

/** A training thread and its flags: [0] a stop is requested, [1] checkpoints being written. */
export interface Thread {
  readonly worker: Worker;
  readonly control: SharedArrayBuffer;
}

function start(): Thread {
  const control = new SharedArrayBuffer(8);
  return {
    worker: new Worker(new URL('./worker.js', import.meta.url), { workerData: { control } }),
    control,
  };
}

/** A training thread that loads its code while the main one still loads its own and reads the config. */
export class EarlyThread {
  private thread: Thread | null = start();

  /** The thread, for one run; the next one gets a thread that starts then. */
  take(): Thread {
    const thread = this.thread ?? start();
    this.thread = null;
    return thread;
  }

  /** Ends a thread that nobody took; it has loaded nothing native yet. */
  async drop(): Promise<void> {
    await this.thread?.worker.terminate();
  }
}
