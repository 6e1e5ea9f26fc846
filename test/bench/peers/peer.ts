import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { installed, type Package } from './install.ts';

/** What a peer answers when it has run some steps. */
export interface Answer {
  /** Median of a step. */
  readonly ms: number;
  readonly batch: number;
  /** Milliseconds of the first step, with what comes before it: creation, compilation. */
  readonly first: number;
  readonly note?: string;
}
export interface Refused {
  readonly refused: string;
}

/** A library in a process of its own. */
export interface Peer {
  readonly title: string;
  run(network: string, milliseconds: number): Promise<Answer | Refused>;
  close(): void;
}

/** How a peer is started: a script of this folder with the folder of its packages, or with Python. */
export interface PeerSpec {
  readonly name: string;
  readonly script: string;
  readonly package?: Package;
  readonly args?: readonly string[];
}

/** Never fails: a peer that can't be had here refuses all work, with the reason. */
export async function startPeer(folder: string, spec: PeerSpec): Promise<Peer> {
  try {
    const script = join(folder, 'peers', spec.script);
    if (spec.package) return await started(spec, process.execPath, [script, installed(spec.package)]);
    return await started(spec, '/usr/bin/python3', [script]);
  } catch (error) {
    const refused = { refused: `can't be had here: ${(error as Error).message}` };
    return { title: spec.name, run: async () => refused, close: () => {} };
  }
}

async function started(spec: PeerSpec, command: string, args: readonly string[]): Promise<Peer> {
  const env = { ...process.env, OMP_NUM_THREADS: '2', OPENBLAS_NUM_THREADS: '2' };
  const child = spawn(command, [...args, ...(spec.args ?? [])], { stdio: ['pipe', 'pipe', 'pipe'], env });
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => {
    told = (told + chunk).slice(-4000);
  });
  child.on('error', (error) => {
    told = error.message;
  });
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const line = await lines.next();
    if (!line.done) return line.value;
    // The line that names the error: the last one of Python's, the one with a colon of Node's.
    const reason = told.split('\n').findLast((text) => /^\w*(Error|Exception)?: /.test(text));
    throw new Error(reason ?? (told.trim().split('\n').at(-1) || 'it ended early'));
  };
  return {
    title: await next(),
    async run(network, milliseconds) {
      child.stdin.write(`run ${network} ${milliseconds}\n`);
      return JSON.parse(await next());
    },
    close: () => child.stdin.end(),
  };
}
