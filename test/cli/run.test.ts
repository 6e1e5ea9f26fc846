import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { config, lines, mlx, readJson, runFolder, scratch } from './mlx.ts';

/** A small but whole MNIST job: seconds, not minutes. */
const small = [
  ...['--set', 'data.split={train: 600, test: 300}'],
  ...['--set', 'training.epochs=2'],
  ...['--set', 'expect=[]'],
];

/** The MLP with 64 units a layer. */
const narrow = ['--set', 'architecture.1.dense.units=64', '--set', 'architecture.3.dense.units=64'];

describe('mlx run', () => {
  it('ends the perceptron with exactly the weights of the textbook', async () => {
    const experiments = scratch();
    const ended = await mlx(['run', config('perceptron.yaml'), '--experiments', experiments]);
    expect(ended.stderr).not.toContain('\u001b');
    expect(ended.code).toBe(0);
    const folder = runFolder(experiments, 'perceptron');
    const result = readJson(folder, 'result.json');
    expect(result.weights).toEqual({ 'dense_1/kernel': [-0.1, 0], 'dense_1/bias': [0.1] });
    expect(result).toMatchObject({
      format: 1,
      status: 'completed',
      stopped: 'stop_when: accuracy >= 1',
      epochs: 3,
    });
    expect(ended.stdout).toContain('-0.1');
  });

  it('writes a complete folder, and the same bits twice', async () => {
    const experiments = scratch();
    const args = ['run', config('mnist-mlp.yaml'), ...small, ...narrow, '--experiments', experiments];
    const first = await mlx([...args, '--set', 'name=one']);
    const second = await mlx([...args, '--set', 'name=two']);
    expect([first.code, second.code]).toEqual([0, 0]);
    const [one, two] = [runFolder(experiments, 'one'), runFolder(experiments, 'two')];
    for (const file of [
      ...['config.yaml', 'config.resolved.yaml', 'lock.json', 'plan.txt', 'events.ndjson', 'result.json'],
      ...['predictions.csv', 'model.onnx', 'checkpoints/last.safetensors'],
    ])
      expect(existsSync(join(one, file)), file).toBe(true);
    expect(readFileSync(join(one, 'config.yaml'))).toEqual(readFileSync(config('mnist-mlp.yaml')));
    expect(readFileSync(join(one, 'model.onnx'))).toEqual(readFileSync(join(two, 'model.onnx')));
    expect(readFileSync(join(one, 'predictions.csv'))).toEqual(readFileSync(join(two, 'predictions.csv')));
    expect(readJson(one, 'result.json').metrics).toEqual(readJson(two, 'result.json').metrics);
    const losses = (folder: string) =>
      lines(readFileSync(join(folder, 'events.ndjson'), 'utf8'))
        .filter((e) => e.type === 'step')
        .map((e) => e.metrics.loss);
    expect(losses(one)).toEqual(losses(two));
    expect(losses(one)).toHaveLength(2 * Math.ceil(600 / 128));
    const csv = readFileSync(join(one, 'predictions.csv'), 'utf8').trimEnd().split('\n');
    expect(csv[0]).toBe(
      `id,truth,prediction,${Array.from({ length: 10 }, (_, i) => `score_${i}`).join(',')},loss`,
    );
    const own = csv.slice(1).map((row) => Number(row.split(',').at(-1)));
    const { loss } = readJson(one, 'result.json').metrics.test;
    expect(own.reduce((a, b) => a + b) / 300).toBeCloseTo(loss.value, 6);
    expect(csv).toHaveLength(301);
    const { accuracy } = readJson(one, 'result.json').metrics.test;
    const right = csv.slice(1).filter((row) => row.split(',')[1] === row.split(',')[2]).length;
    expect(accuracy.value).toBe(right / 300);
    expect(accuracy.interval[0]).toBeLessThan(accuracy.value);
    expect(readFileSync(join(one, 'lock.json'), 'utf8')).not.toContain(experiments);
  });

  it('streams the events of events.ndjson with --json, and nothing else', async () => {
    const experiments = scratch();
    const args = ['run', config('mnist-logistic.yaml'), ...small, '--json', '--experiments', experiments];
    const { code, stdout, stderr } = await mlx(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const events = lines(stdout);
    const kept = lines(readFileSync(join(runFolder(experiments, 'mnist-logistic'), 'events.ndjson'), 'utf8'));
    expect(events.filter((e) => e.type !== 'stage')).toEqual(kept.filter((e) => e.type !== 'stage'));
    const last = events.at(-1);
    expect(last).toMatchObject({ type: 'run_completed', result: { status: 'completed' } });
    expect(last.run).toMatch(/mnist-logistic\/[0-9a-f]{4,}$/);
    expect(last.result).toEqual(readJson(runFolder(experiments, 'mnist-logistic'), 'result.json'));
  });

  it('gives the same loss curve on reference and gpujs within 1e-4 for 20 steps', async () => {
    const experiments = scratch();
    const shrunk = [
      ...[
        '--set',
        'data.split={train: 160, test: 100}',
        '--set',
        'training.batch_size=16',
        '--set',
        'training.epochs=2',
      ],
      ...[
        '--set',
        'architecture.0.conv2d.filters=2',
        '--set',
        'architecture.1.conv2d.filters=3',
        '--set',
        'expect=[]',
      ],
      ...['--set', 'architecture.5.dense.units=8'],
    ];
    const curve = async (engine: string) => {
      const args = [
        'run',
        config('mnist-cnn.yaml'),
        ...shrunk,
        '--engine',
        engine,
        '--json',
        '--experiments',
        experiments,
      ];
      const { code, stdout, stderr } = await mlx(args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return lines(stdout)
        .filter((e) => e.type === 'step')
        .map((e) => e.metrics.loss as number);
    };
    const [onnx, reference, webasm] = [
      await curve('onnx'),
      await curve('reference'),
      await curve('gpujs:webasm'),
    ];
    expect(onnx).toHaveLength(20);
    onnx.forEach((loss, i) => {
      expect(Math.abs(loss - reference[i]!)).toBeLessThan(1e-4);
      expect(Math.abs(loss - webasm[i]!)).toBeLessThan(1e-4);
    });
  });

  it('stops at a loss that is no number, says at which step, and keeps the folder', async () => {
    const experiments = scratch();
    const args = ['run', config('line-regression.yaml'), '--set', 'optimizer.learning_rate=1e30'];
    const { code, stderr } = await mlx([...args, '--experiments', experiments]);
    expect(code).toBe(4);
    expect(stderr).toMatch(/error\[nan-loss\].*step \d+/);
    expect(stderr).toMatch(/help: .*learning rate/);
    expect(stderr).not.toMatch(/\n\s+at /);
    const folder = runFolder(experiments, 'line-regression');
    expect(readJson(folder, 'result.json')).toMatchObject({ status: 'failed', error: { code: 'nan-loss' } });
  });

  it('ends with 1 when an expectation fails', async () => {
    const experiments = scratch();
    const args = [
      'run',
      config('mnist-logistic.yaml'),
      ...small.slice(0, 4),
      '--set',
      'expect=["test.accuracy >= 0.999"]',
    ];
    const { code, stdout } = await mlx([...args, '--experiments', experiments]);
    expect(code).toBe(1);
    expect(stdout).toContain('0.999');
    const [expectation] = readJson(runFolder(experiments, 'mnist-logistic'), 'result.json').expectations;
    expect(expectation).toMatchObject({ text: 'test.accuracy >= 0.999', passed: false });
  });
});

const fashion = '/usr/share/datasets/fashion-mnist';

describe('fashion_mnist', () => {
  it.skipIf(!existsSync(fashion))(
    `trains on the 60,000 and is judged by the 10,000 (needs ${fashion})`,
    async () => {
      const experiments = scratch();
      const linear = [
        '--set',
        'architecture=[flatten, dense: { units: 10 }]',
        '--set',
        'training.epochs=1',
        '--set',
        'expect=[]',
      ];
      const { code, stdout } = await mlx([
        'run',
        config('fashion-cnn.yaml'),
        ...linear,
        '--json',
        '--experiments',
        experiments,
      ]);
      expect(code).toBe(0);
      const events = lines(stdout);
      expect(events.find((e) => e.type === 'run_started').examples).toEqual({
        train: 60_000,
        validation: 0,
        test: 10_000,
      });
      const { result } = events.at(-1);
      expect(result.metrics.test.accuracy.value).toBeGreaterThan(0.75);
      expect(result.per_class.map((row: { class: string }) => row.class)).toContain('Ankle boot');
    },
  );
});

describe('SIGINT and resume', () => {
  it('saves, ends with 130, and resumes to the weights of a run that was never stopped', async () => {
    const experiments = scratch();
    const args = [
      ...['run', config('mnist-mlp.yaml'), '--set', 'data.split={train: 2000, validation: 0.2, test: 300}'],
      ...[
        '--set',
        'training.epochs=12',
        '--set',
        'expect=[]',
        ...narrow,
        '--json',
        '--experiments',
        experiments,
      ],
    ];
    const whole = await mlx([...args, '--set', 'name=whole']);
    expect(whole.code).toBe(0);
    let sent = false;
    const stopped = await mlx([...args, '--set', 'name=stopped'], {
      during: (child, stdout) => {
        if (!sent && stdout().includes('"epoch":2')) {
          sent = true;
          child.kill('SIGINT');
        }
      },
    });
    expect(stopped.code).toBe(130);
    const folder = runFolder(experiments, 'stopped');
    const at = readJson(folder, 'result.json');
    expect(at.status).toBe('interrupted');
    expect(at.epochs).toBeLessThan(12);
    const resumed = await mlx(['resume', folder, '--json', '--experiments', experiments]);
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    for (const file of ['model.onnx', 'predictions.csv'])
      expect(readFileSync(join(folder, file))).toEqual(
        readFileSync(join(runFolder(experiments, 'whole'), file)),
      );
    expect(readJson(folder, 'result.json').metrics).toEqual(
      readJson(runFolder(experiments, 'whole'), 'result.json').metrics,
    );
  });

  it('has nothing to resume in a completed run', async () => {
    const experiments = scratch();
    await mlx(['run', config('perceptron.yaml'), '--experiments', experiments]);
    const { code, stderr } = await mlx([
      'resume',
      runFolder(experiments, 'perceptron'),
      '--experiments',
      experiments,
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/completed/);
  });
});

describe('bad input', () => {
  const cases: [what: string, args: (folder: string) => string[], code: number, message: RegExp][] = [
    ['a missing file', () => ['run', 'no-such.yaml'], 2, /no-such\.yaml/],
    ['a config that is no YAML', (f) => ['run', write(f, 'a.yaml', 'a: [1,\nb: {')], 2, /a\.yaml:\d+:\d+/],
    [
      'an unknown layer',
      (f) => ['check', write(f, 'a.yaml', layer('conv2D: { filters: 3, kernel_size: 3 }'))],
      2,
      /conv2d/,
    ],
    ['an unknown command', () => ['trian'], 2, /Did you mean train|run|unknown command/],
    ['an unknown option', () => ['run', '--tuii', 'x.yaml'], 2, /--tuii/],
    [
      'a wrong --set',
      () => ['check', config('mnist-cnn.yaml'), '--set', 'optimizer.learning_rat=1'],
      2,
      /learning_rate/,
    ],
    ['an unknown run', (f) => ['resume', 'ffff', '--experiments', f], 2, /ffff/],
    [
      'a folder that is a file',
      (f) => ['run', config('perceptron.yaml'), '--experiments', write(f, 'file', 'x')],
      3,
      /file/,
    ],
  ];
  const write = (folder: string, name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const layer = (text: string) =>
    `data: { source: mnist }\narchitecture:\n  - ${text}\n  - flatten\n  - dense: { units: 10 }\n`;
  for (const [what, args, code, message] of cases)
    it(`${what} is exit ${code} and no stack trace`, async () => {
      const ended = await mlx(args(scratch()));
      expect(ended.stderr).toMatch(message);
      expect(ended.stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
      expect(ended.code).toBe(code);
    });
});
