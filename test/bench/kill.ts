// Kills mlx and lets its system calls fail, then uses what is left: `npm run bench:kill -- [calls|moments] [options]`
//   calls     a small run and the resume of one, disturbed at EVERY system call that changes the experiments folder; needs strace
//   moments   a short mnist-mlp, SIGKILLed at 100 random moments, half of the resumed ones again
// Options: --parallel 2, --part 1/4 (of the cases), --count 100, --seed 1.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { smallSubject } from '../crash/small.ts';
import { FAULTS, nameOf, straceMissing } from '../crash/strace.ts';
import { aftermath, makeReference, place } from '../crash/subject.ts';
import { casesOf, disturb, type Outcome, scenarios } from '../crash/sweep.ts';
import { countOf } from './count.mjs';

const [root, ...rest] = process.argv.slice(2) as [string, ...string[]];
const { values, positionals } = parseArgs({
  args: rest,
  allowPositionals: true,
  options: {
    parallel: { type: 'string', default: '2' },
    part: { type: 'string', default: '1/1' },
    count: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'mlx-kill-'));
let failed = 0;

/** Some at a time, in order. */
async function each<T>(items: readonly T[], work: (item: T, i: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const i = next++;
      await work(items[i]!, i);
    }
  };
  await Promise.all(Array.from({ length: countOf(values.parallel, '--parallel', 2) }, lane));
}

async function everyCall(): Promise<void> {
  const missing = straceMissing();
  if (missing) throw new Error(missing);
  const small = await makeReference(smallSubject(root, folder));
  const [part, parts] = values.part.split('/').map(Number) as [number, number];
  for (const scenario of await scenarios(small)) {
    const { calls, cases } = await casesOf(small, scenario);
    const mine = cases.filter((_, i) => i % parts === part - 1);
    const outcomes: Outcome[] = [];
    await each(mine, async (found, i) => {
      const outcome = await disturb(small, scenario, found, `${scenario.name}-${i}`);
      outcomes.push(outcome);
      for (const problem of outcome.problems)
        console.log(`  ${found.fault} at ${nameOf(found.call).replace(folder, '')}: ${problem}`);
    });
    const bad = outcomes.filter(({ problems }) => problems.length > 0).length;
    failed += bad;
    const runs = outcomes.filter(({ run }) => run).length;
    console.log(
      `mlx ${scenario.name}: ${calls} system calls, ${outcomes.length} faults (${FAULTS.map((fault) => `${outcomes.filter((o) => o.fault === fault).length} ${fault}`).join(', ')}): ` +
        `${runs} left a run, of which every one was listed, shown, compared and finished bit for bit but ${bad}; the others left none`,
    );
  }
}

const MLP = [
  '--set',
  'training.epochs=4',
  '--set',
  'data.split.validation=0.1',
  '--set',
  'expect=[]',
  '--set',
  'evaluation.baselines=none',
];

async function randomMoments(): Promise<void> {
  const subject = {
    root,
    folder,
    name: 'mnist-mlp',
    args: ['run', join(root, 'configs/mnist-mlp.yaml'), ...MLP],
  };
  const began = performance.now();
  const mlp = await makeReference(subject);
  const whole = performance.now() - began;
  const random = generator(countOf(values.seed, '--seed', 1, 0));
  const moments = Array.from({ length: countOf(values.count, '--count', 100) }, () => ({
    first: random() * whole,
    again: random() < 0.5 ? random() * whole : null,
  }));
  const counts = { runs: 0, kills: 0, late: 0, bad: 0 };
  await each(moments, async ({ first, again }, i) => {
    const experiments = join(place(mlp, `moment-${i}`), 'experiments');
    const killed = [await killAfter(first, [...mlp.args, '--experiments', experiments])];
    const name = safely(() => readdirSync(join(experiments, mlp.name))[0]);
    if (again !== null && name !== undefined)
      killed.push(await killAfter(again, ['resume', name, '--experiments', experiments]));
    counts.kills += killed.filter((k) => k).length;
    counts.late += killed.filter((k) => !k).length;
    const { run, problems } = await aftermath(mlp, experiments);
    if (run) counts.runs++;
    if (problems.length > 0) counts.bad++;
    for (const problem of problems) console.log(`  moment ${i}, ${first.toFixed(0)} ms: ${problem}`);
    if (problems.length === 0) rmSync(join(folder, `moment-${i}`), { recursive: true });
  });
  failed += counts.bad;
  console.log(
    `mnist-mlp of 4 epochs (${(whole / 1000).toFixed(1)} s): ${moments.length} runs, ${counts.kills} SIGKILLs (${counts.late} came after the end); ` +
      `${counts.runs} left a run: all listed, shown, compared and finished bit for bit but ${counts.bad}`,
  );
}

/** @returns whether it was still there to be killed */
function killAfter(ms: number, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'bin/mlx.js'), ...args], {
      cwd: folder,
      stdio: 'ignore',
      env: { ...process.env, CI: '1', GITHUB_ACTIONS: '' },
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), ms);
    child.on('error', reject);
    child.on('close', (_, signal) => {
      clearTimeout(timer);
      resolve(signal === 'SIGKILL');
    });
  });
}

/** Mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function safely<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

const what = positionals[0];
try {
  if (what !== 'moments') await everyCall();
  if (what !== 'calls') await randomMoments();
  console.log(
    failed === 0 ? 'all as they should be' : `${failed} cases went wrong; they are kept in ${folder}`,
  );
} finally {
  if (failed === 0) rmSync(folder, { recursive: true, force: true });
  process.exitCode = failed === 0 ? 0 : 1;
}
