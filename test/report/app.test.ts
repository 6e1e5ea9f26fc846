import { EventEmitter } from 'node:events';
import { render } from 'ink-testing-library';
import { createElement } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import type { Charts } from '../../src/report/reporter.ts';
import { apply, newState } from '../../src/report/store.ts';
import { App } from '../../src/report/tui/app.tsx';
import { makeTheme } from '../../src/report/tui/theme.ts';
import { textWidth } from '../../src/report/width.ts';
import { sevenEpochs, step } from './events.ts';

const open: { unmount(): void }[] = [];
afterEach(() => {
  for (const view of open.splice(0)) view.unmount();
});

function show(columns: number, rows: number, events = sevenEpochs(), charts: Charts = 'braille', depth = 1) {
  const state = newState();
  for (const e of events) apply(state, e, e.type === 'step' ? e.step * 1000 : 0);
  const screen = Object.assign(new EventEmitter(), { columns, rows });
  const calls: string[] = [];
  const view = render(
    createElement(App, {
      state,
      screen,
      theme: makeTheme(depth, charts),
      now: () => 65_000,
      pause: () => 1e6,
      onStop: () => calls.push('stop'),
      onInterrupt: () => calls.push('interrupt'),
    }),
  );
  open.push(view);
  const frame = () => view.lastFrame() ?? '';
  return { state, screen, calls, frame, press: (key: string) => settle(() => view.stdin.write(key)), settle };
}

/** Lets React and Ink's input loop take a change in. */
async function settle(change: () => unknown): Promise<void> {
  await new Promise((done) => setImmediate(done));
  change();
  for (let i = 0; i < 5; i++) await new Promise((done) => setImmediate(done));
}

describe('live view', () => {
  it('shows at 100x30 what runs, progress, both curves, the best epoch and the last epochs', () => {
    const frame = show(100, 30).frame();
    expect(frame).toContain('mnist-cnn 7f3a · onnx cpu×2 · seed 42 · 1,199,882 parameters');
    expect(frame).toContain('read split plan ▶train');
    expect(frame).toMatch(/epoch 7\/12 ━+╸?─+ 54% {2}step {2}5\/10 {2}5,912 ex\/s {2}1:05, ~0:55 left/);
    expect(frame).toMatch(/loss, log +train ⠒ {2}val ●/);
    expect(frame).toMatch(/accuracy +train ⠒ {2}val ●/);
    expect(frame).toMatch(/6 +\d\.\d+ +0\.0167 .* 6\.5e-4 +10\.1s ★/);
    expect(frame).toMatch(/\n +7 +0\.\d+ +… .* +… +6\.5e-4/);
    expect(frame).toContain('q stop+save   l log/linear   t table   ? keys');
    expect(frame.match(/★/g)!.length).toBeGreaterThanOrEqual(3); // legend, chart, table
  });

  it('shows at 60x20 a line for each curve', () => {
    const frame = show(60, 20).frame();
    expect(frame).toMatch(/^loss +[▁▂▃▄▅▆▇█]+ +0\.\d+/m);
    expect(frame).toMatch(/^val_loss +[▁▂▃▄▅▆▇█]+ +0\.0167 best 0\.0167 ★6/m);
    expect(frame).toMatch(/^val_accuracy +[▁▂▃▄▅▆▇█]+ +0\.9600/m);
    expect(frame).toMatch(/~0:55 left/);
  });

  it('stays within rows - 2 and columns - 1 at every size', () => {
    const wide = sevenEpochs({ name: '数字-'.repeat(30) });
    wide.push({ type: 'message', level: 'warning', code: 'split-leak', text: 'x'.repeat(300) });
    for (const [columns, rows] of [
      [100, 30],
      [100, 12],
      [80, 24],
      [77, 16],
      [60, 20],
      [40, 10],
      [30, 8],
      [20, 5],
      [12, 3],
    ] as const) {
      const lines = show(columns, rows, wide).frame().split('\n');
      expect(lines.length, `${columns}x${rows}`).toBeLessThanOrEqual(Math.max(1, rows - 2));
      for (const line of lines) expect(textWidth(line), `${columns}x${rows} ${line}`).toBeLessThan(columns);
    }
  });

  it('follows a resize', async () => {
    const view = show(100, 30);
    expect(view.frame()).toContain('epoch 0');
    await view.settle(() => {
      Object.assign(view.screen, { columns: 40, rows: 10 });
      view.screen.emit('resize');
    });
    expect(view.frame()).not.toContain('epoch 0');
    expect(view.frame().split('\n').length).toBeLessThanOrEqual(8);
  });

  it('draws nothing for an event; the next drawing has it', async () => {
    const view = show(100, 30);
    const before = view.frame();
    apply(view.state, step(70, { loss: 0.123456, accuracy: 0.5 }), 65_000);
    await view.settle(() => {});
    expect(view.frame()).toBe(before);
    await view.settle(() => view.screen.emit('resize'));
    expect(view.frame()).toContain('0.1235');
  });

  it('answers keys', async () => {
    const view = show(100, 30);
    await view.press('l');
    expect(view.frame()).not.toContain('loss, log');
    await view.press('t');
    expect(view.frame()).not.toContain('train ⠒');
    expect(view.frame()).toMatch(/\n +1 +\d/);
    await view.press('?');
    expect(view.frame()).toContain('mlx resume');
    await view.press('q');
    await view.press('q');
    expect(view.frame()).toContain('stopping');
    await view.press('\x03');
    expect(view.calls).toEqual(['stop', 'interrupt']);
  });

  it('shows stages before the run starts', () => {
    const frame = show(100, 30, [{ type: 'stage', stage: 'read', state: 'started' }]).frame();
    expect(frame).toContain('▶read');
  });

  it('draws a regression run without other metrics as one chart', () => {
    const events = sevenEpochs({ metrics: ['loss'] });
    expect(
      show(100, 30, events)
        .frame()
        .match(/epoch 0/g),
    ).toHaveLength(1);
  });

  it('uses only ASCII in the ascii tier, and no colour codes without colour', () => {
    const frame = show(100, 30, sevenEpochs(), 'ascii').frame();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
    expect(frame).toMatch(/^[\x00-\x7f]*$/);
    expect(frame).not.toContain('\x1b');
    expect(show(100, 30, sevenEpochs(), 'braille', 8).frame()).toContain('\x1b[38;5;33m');
  });
});
