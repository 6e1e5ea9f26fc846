import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { config, lines, mlx, readJson, root, runFolder, scratch } from './mlx.ts';

/** Small steps, many epochs, and weights that are restored at the end: all that a checkpoint must hold. */
const args = [
  ...['run', config('mnist-logistic.yaml'), '--json', '--set', 'expect=[]'],
  ...['--set', 'data.split={train: 1000, validation: 0.2, test: 200}', '--set', 'optimizer={ type: adam }'],
  ...[
    '--set',
    'training={ batch_size: 32, epochs: 80, early_stopping: { patience: 80, restore_best_weights: true } }',
  ],
];
const experiments = scratch();
let whole = '';
let stopped = '';
const last = 'checkpoints/last.safetensors';
const best = 'checkpoints/best.safetensors';

/** Sends a signal once an epoch of this number has ended. */
const until = (epoch: number, signal: NodeJS.Signals, times = 1) => {
  let sent = false;
  return {
    during: (child: { kill(signal: NodeJS.Signals): boolean }, stdout: () => string) => {
      if (sent || !stdout().includes(`{"type":"epoch","epoch":${epoch},`)) return;
      sent = true;
      child.kill(signal);
      if (times === 2) setTimeout(() => child.kill(signal), 5);
    },
  };
};
const run = (name: string, options = {}) =>
  mlx([...args, '--set', `name=${name}`, '--experiments', experiments], options);
const resume = (folder: string) => mlx(['resume', folder, '--json', '--experiments', experiments]);

function expectSameEnd(folder: string) {
  for (const file of ['model.onnx', 'predictions.csv'])
    expect(readFileSync(join(folder, file)).equals(readFileSync(join(whole, file))), file).toBe(true);
  expect(readJson(folder, 'result.json').metrics).toEqual(readJson(whole, 'result.json').metrics);
}

beforeAll(async () => {
  expect((await run('whole')).code).toBe(0);
  whole = runFolder(experiments, 'whole');
  expect((await run('stopped', until(5, 'SIGINT'))).code).toBe(130);
  stopped = runFolder(experiments, 'stopped');
});

describe('mlx resume', () => {
  it('goes on from a checkpoint after a kill, with validation too, to the same bits', async () => {
    const killed = await run('killed', until(20, 'SIGKILL'));
    expect(killed.code).toBe(null);
    const folder = runFolder(experiments, 'killed');
    expect(existsSync(join(folder, 'result.json'))).toBe(false);
    const resumed = await resume(folder);
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    const { first_step } = lines(resumed.stdout).find((e) => e.type === 'run_started');
    expect(first_step).toBeGreaterThan(0);
    expectSameEnd(folder);
  });

  it('two SIGINTs leave at once, by the signal, and it goes on from there', async () => {
    const ended = await run('twice', until(10, 'SIGINT', 2));
    expect([null, 130]).toContain(ended.code); // 130: the first one was done before the second
    expect(ended.stderr).not.toMatch(/terminate|core dumped|\n\s+at /);
    const folder = runFolder(experiments, 'twice');
    expect((await resume(folder)).code).toBe(0);
    expectSameEnd(folder);
  });

  const damages: [what: string, damage: (folder: string) => void, message: RegExp][] = [
    [
      'a flipped bit in a checkpoint',
      (f) => flip(join(f, last), -100),
      /last\.safetensors is damaged: .*checksum/,
    ],
    ['a flipped bit in the best weights', (f) => flip(join(f, best), -100), /best\.safetensors is damaged/],
    ['a cut checkpoint', (f) => truncateSync(join(f, last), 5000), /last\.safetensors is damaged/],
    ['an empty checkpoint', (f) => writeFileSync(join(f, last), ''), /last\.safetensors is damaged/],
    ['no best weights', (f) => rmSync(join(f, best)), /lost its best/],
    ['the best weights as the last', (f) => cpSync(join(f, best), join(f, last)), /not the last checkpoint/],
    ['no lock', (f) => rmSync(join(f, 'lock.json')), /lock\.json is missing/],
    ['a torn lock', (f) => writeFileSync(join(f, 'lock.json'), '{"form'), /lock\.json is damaged/],
    [
      'another JSON as lock',
      (f) => writeFileSync(join(f, 'lock.json'), '{"format":1}'),
      /lock\.json is not what/,
    ],
    [
      'a layout that this CPU computes otherwise',
      (f) => {
        const lock = readJson(f, 'lock.json');
        lock.engine.options.layout = 'blocked 1024';
        writeFileSync(join(f, 'lock.json'), JSON.stringify(lock));
      },
      /computes in the layout `blocked 1024` .*, this CPU in `portable`/,
    ],
    [
      'no resolved config',
      (f) => rmSync(join(f, 'config.resolved.yaml')),
      /config\.resolved\.yaml is missing/,
    ],
    [
      'a changed resolved config',
      (f) =>
        writeFileSync(join(f, 'config.resolved.yaml'), `${readFileSync(join(f, 'config.resolved.yaml'))}\n`),
      /not the one that the run started with/,
    ],
  ];
  it.each(damages)('refuses %s: exit 3, one message, nothing changed', async (_, damage, message) => {
    const folder = join(mkdtempSync(join(scratch(), 'damaged-')), 'run');
    cpSync(stopped, folder, { recursive: true });
    damage(folder);
    const result = readFileSync(join(folder, 'result.json'));
    const { code, stdout, stderr } = await mlx(['resume', folder, '--json', '--experiments', experiments]);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/\n {2}help: /);
    expect(stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
    expect(code).toBe(3);
    expect(stdout).not.toContain('run_started');
    expect(readFileSync(join(folder, 'result.json'))).toEqual(result);
  });

  it('has nothing to try again where the loss became no number', async () => {
    const failing = ['run', config('line-regression.yaml'), '--set', 'optimizer.learning_rate=1e30'];
    await mlx([...failing, '--experiments', experiments]);
    const { code, stderr } = await resume(runFolder(experiments, 'line-regression'));
    expect(stderr).toMatch(/error\[would-fail-again\].*step 2/);
    expect(code).toBe(2);
  });
});

describe('stdout', () => {
  /** Runs a shell line with `$@` as the command; gives the first process's exit code. */
  const shell = (line: string, name: string) =>
    spawnSync(
      'bash',
      [
        '-c',
        line,
        'bash',
        process.execPath,
        join(root, 'bin/mlx.js'),
        ...args,
        '--set',
        `name=${name}`,
        '--experiments',
        experiments,
      ],
      { encoding: 'utf8', env: { ...process.env, CI: '1', GITHUB_ACTIONS: '' } },
    );
  it.skipIf(process.platform === 'win32')('closed early ends no training', () => {
    const { stdout, stderr } = shell('"$@" | head -1; echo $PIPESTATUS', 'piped');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('0');
    expect(stderr).toBe('');
    expectSameEnd(runFolder(experiments, 'piped'));
  });
  it.skipIf(!existsSync('/dev/full'))('on a full disk is told once, exit 3; the folder is complete', () => {
    const { status, stderr } = shell('"$@" > /dev/full', 'unheard');
    expect(stderr.match(/error\[output\]/g)).toHaveLength(1);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(status).toBe(3);
    expectSameEnd(runFolder(experiments, 'unheard'));
  });
});

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  const i = bytes.length + at;
  bytes[i] = bytes[i]! ^ 1;
  writeFileSync(path, bytes);
}
