import { Console } from 'node:console';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createReporter, type ReporterOptions } from '../../src/report/index.ts';
import { completed, epoch, sevenEpochs, started, step } from './events.ts';
import { fakeStream } from './streams.ts';

afterEach(() => {
  vi.useRealTimers();
});

async function make(more: Partial<ReporterOptions> = {}, tty = false) {
  const out = fakeStream(tty);
  const err = fakeStream(tty);
  const reporter = await createReporter({
    stdout: out.stream,
    stderr: err.stream,
    env: {},
    tui: true,
    json: false,
    onStop: () => {},
    ...more,
  });
  return { reporter, out, err };
}

describe('--json', () => {
  it('writes each event as one line on stdout, and nothing else anywhere', async () => {
    const { reporter, out, err } = await make({ json: true }, true);
    const events = [...sevenEpochs(), completed()];
    for (const e of events) reporter.event(e);
    await reporter.close();
    const lines = out.text().trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(events);
    expect(err.text()).toBe('');
  });
});

describe('plain lines', () => {
  const run = async (more: Partial<ReporterOptions>, tty = false) => {
    const { reporter, out, err } = await make(more, tty);
    for (const e of [
      started(),
      { type: 'message', level: 'warning', code: 'split-leak', text: 'a\rb\x1b[2K' } as const,
      step(1, { loss: 2 }),
      epoch(1, { loss: 0.5, val_loss: 0.4 }, true),
      epoch(2, { loss: 0.4, val_loss: 0.45 }),
      completed(),
    ])
      reporter.event(e);
    await reporter.close();
    return { out: out.text(), err: err.text() };
  };

  it('has the plan line, messages, one line an epoch, and the summary on stdout', async () => {
    const { out, err } = await run({});
    expect(err.trimEnd().split('\n')).toEqual([
      'mnist-cnn 7f3a: onnx cpu×2, seed 42, 1,199,882 parameters; 7,000 train / 1,000 validation / 3,000 test examples; 12 epochs of 10 steps',
      'warning[split-leak]: a\\rb\\x1b[2K',
      'epoch 1/12  loss 0.5000  val_loss 0.4000  lr 6.5e-4  10.1s  5,912 ex/s  best',
      'epoch 2/12  loss 0.4000  val_loss 0.4500  lr 6.5e-4  10.1s  5,912 ex/s',
    ]);
    expect(out).toMatch(/^✓ mnist-cnn 7f3a/);
  });

  it.each([
    ['a pipe', {}, false],
    ['CI', { env: { CI: 'true' } }, true],
    ['--no-tui', { tui: false }, true],
    ['ACCESSIBLE=1', { env: { ACCESSIBLE: '1' } }, true],
    ['TERM=dumb', { env: { TERM: 'dumb' } }, true],
  ])('has no control codes: %s', async (_, more, tty) => {
    const { out, err } = await run(more, tty);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(out + err).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
    expect(err).toContain('epoch 2/12');
  });

  it('writes a line after 30 quiet seconds, and only then', async () => {
    vi.useFakeTimers();
    const { reporter, err } = await make({ env: { ACCESSIBLE: '1' } }, true);
    reporter.event(started());
    reporter.event({ type: 'stage', stage: 'train', state: 'started' });
    vi.advanceTimersByTime(20_000);
    reporter.event(step(12, { loss: 0.31 }));
    vi.advanceTimersByTime(9_000);
    expect(err.text().split('\n')).toHaveLength(2);
    vi.advanceTimersByTime(1_000);
    expect(err.text()).toContain('still working: epoch 2/12  step 2/10  loss 0.3100  5,912 ex/s  ~');
    vi.advanceTimersByTime(30_000);
    expect(err.text().match(/still working/g)).toHaveLength(2);
    await reporter.close();
    vi.advanceTimersByTime(90_000);
    expect(err.text().match(/still working/g)).toHaveLength(2);
  });

  it('appends Markdown for GitHub, and lets no text act as a command', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'mlx-report-'));
    try {
      const file = join(dir, 'summary.md');
      const env = { CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: file };
      const { reporter, out } = await make({ env });
      reporter.event(started());
      const confusion = {
        classes: ['::stop-commands::x', 'b'],
        counts: [
          [1, 0],
          [0, 1],
        ],
      };
      reporter.event(completed({ confusion }));
      await reporter.close();
      expect(readFileSync(file, 'utf8')).toContain('### ✓ mnist-cnn 7f3a');
      expect(out.text()).toContain('| ');
      expect(out.text()).not.toMatch(/^\s*::/m);
      await run({ env: { ...env, GITHUB_STEP_SUMMARY: join(dir, 'missing', 'x.md') } }); // warns, doesn't throw
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it('outlives a reader that went away', async () => {
    const { reporter, out } = await make({});
    out.stream.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    reporter.event(started());
    await reporter.close();
  });
});

describe('live view', () => {
  it('is drawn on stderr, ends with the summary on stdout, and needs no terminal on stdin', async () => {
    const stdin = Object.getOwnPropertyDescriptor(process, 'stdin')!;
    Object.defineProperty(process, 'stdin', { value: new PassThrough(), configurable: true });
    vi.stubEnv('CI', 'false'); // Ink looks at the process's own environment
    Object.assign(console, { Console }); // vitest's console lacks it, Ink wants it
    try {
      const { reporter, out, err } = await make({ env: { LANG: 'C.UTF-8' } }, true);
      for (const e of [...sevenEpochs(), completed()]) reporter.event(e);
      expect(out.text()).toBe('');
      await reporter.close();
      expect(err.text()).toContain('\x1b');
      expect(err.text()).not.toContain('ERROR');
      expect(out.text()).toMatch(/^✓ mnist-cnn 7f3a/);
      expect(out.text()).not.toContain('\x1b');
    } finally {
      Object.defineProperty(process, 'stdin', stdin);
      vi.unstubAllEnvs();
    }
  });
});
