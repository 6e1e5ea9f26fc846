// From file to ready batches, flights-delay's data section: mlx against the same query, extraction and arithmetic written by
// hand with DuckDB, in turn; then the peak memory of the file once and ten times: `npm run bench:prepare -- [rounds]`.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shuffled, streamKey } from '../../src/base/random.ts';
import { contextOf, loadConfig } from '../../src/config/index.ts';
import { closeRaw, fromShared, prepareRows, readData, toShared } from '../../src/data/index.ts';
import { countOf } from './count.mjs';
import { byHand } from './prepare-by-hand.ts';

const [root, task, file] = process.argv.slice(2) as [string, string?, string?];
const flights = join(root, 'node_modules/vega-datasets/data/flights-3m.parquet');
const BATCH = 4096;

/** Reads, splits, fits, and fills the first batch of a shuffled epoch. */
async function prepare(path: string, cache: string) {
  const loaded = loadConfig(join(root, 'configs/flights-delay.yaml'), {
    set: [`data.source.path=${path}`],
  });
  const context = { ...contextOf(loaded), cache };
  const raw = await readData(loaded.config, context);
  const data = prepareRows(loaded.config, raw, context);
  closeRaw(raw, data);
  const { train } = fromShared(toShared(data));
  const positions = new Uint32Array(train.count);
  for (let i = 0; i < positions.length; i++) positions[i] = i;
  const order = shuffled(positions, streamKey(42, 'shuffle', 0));
  const width = data.shape[0]!;
  const x = new Float32Array(BATCH * width);
  train.fill('x', x, order, 0, BATCH);
  return { data, x, width, order };
}

const peakMiB = (pid: number | 'self') => {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
  } catch {
    return 0; // it has ended
  }
};

/** Peaks of the processes that this one starts, by their number. */
function watchChildren(): { stop(): number } {
  const peaks = new Map<number, number>();
  const look = () => {
    const path = `/proc/self/task/${process.pid}/children`;
    for (const pid of readFileSync(path, 'utf8').trim().split(' ').filter(Boolean).map(Number))
      peaks.set(pid, Math.max(peaks.get(pid) ?? 0, peakMiB(pid)));
  };
  const timer = setInterval(look, 10);
  return {
    stop() {
      clearInterval(timer);
      return [...peaks.values()].reduce((a, b) => a + b, 0);
    },
  };
}

/** Alone in its process: peak memory of it and, added, of the one that reads the table, though they peak at different times. */
async function memory(path: string): Promise<void> {
  const cache = mkdtempSync(join(tmpdir(), 'mlx-bench-'));
  const began = performance.now();
  const children = watchChildren();
  try {
    const { data } = await prepare(path, cache);
    const rows = data.train.count + data.validation.count + data.test.count;
    const seconds = (performance.now() - began) / 1000;
    const reader = children.stop();
    console.log(JSON.stringify({ rows, mebibytes: peakMiB('self') + reader, reader, seconds }));
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

function peakOf(path: string): { rows: number; mebibytes: number; reader: number; seconds: number } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [process.argv[1]!, root, 'memory', path], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** Both made the same numbers, or the comparison means nothing. */
function assertSame(ours: Awaited<ReturnType<typeof prepare>>, hand: Awaited<ReturnType<typeof byHand>>) {
  for (let k = 0; k < BATCH; k++)
    for (let j = 0; j < ours.width; j++) {
      const [a, b] = [ours.x[k * ours.width + j]!, hand.train[ours.order[k]! * ours.width + j]!];
      if (!(Math.abs(a - b) < 1e-5)) throw new Error(`row ${ours.order[k]}, column ${j}: ${a}, by hand ${b}`);
    }
}

async function compare(rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mlx-bench-'));
  try {
    const times = { ours: [] as number[], hand: [] as number[] };
    for (let i = 0; i <= rounds; i++) {
      const start = performance.now();
      const hand = await byHand(flights);
      const middle = performance.now();
      const ours = await prepare(flights, folder);
      const end = performance.now();
      assertSame(ours, hand);
      ours.data.close();
      if (i === 0) continue; // warms the file cache and the compiler
      times.hand.push(middle - start);
      times.ours.push(end - middle);
    }
    const ratios = times.ours.map((ms, i) => ms / times.hand[i]!).sort((a, b) => a - b);
    const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;
    console.log(
      `time: mlx ${median(times.ours).toFixed(0)} ms, by hand ${median(times.hand).toFixed(0)} ms, medians of ${rounds}; ` +
        `ratio min ${ratios[0]!.toFixed(2)}, median ${median(ratios).toFixed(2)}, max ${ratios.at(-1)!.toFixed(2)}; bar 3`,
    );
    for (let i = 0; i < 10; i++) copyFileSync(flights, join(folder, `copy-${i}.parquet`));
    const once = peakOf(flights);
    const ten = peakOf(join(folder, 'copy-*.parquet'));
    for (const { rows, mebibytes, reader, seconds } of [once, ten])
      console.log(
        `memory: ${rows} rows, peak ${mebibytes.toFixed(0)} MiB (${reader.toFixed(0)} of them the table's process), ${seconds.toFixed(1)} s; bar 1,431 MiB (1.5 GB)`,
      );
    console.log(
      `10 times the rows: ${(ten.mebibytes / once.mebibytes).toFixed(2)} times the memory; bar 1.6`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (task === 'memory') await memory(file!);
else await compare(countOf(task, 'rounds', 5));
