import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Series } from '../../src/report/series.ts';
import { apply, learningRate, newState, progress } from '../../src/report/store.ts';
import { epoch, sevenEpochs, started, step } from './events.ts';

describe('Series', () => {
  it('keeps the mean and the ends of a long curve in bounded memory', () => {
    const series = new Series(64);
    for (let i = 0; i < 1000; i++) series.add(i, i);
    const points = series.points();
    expect(points.length).toBeLessThanOrEqual(65);
    expect(points.every((p) => p.x === p.y)).toBe(true); // means of a straight line stay on it
    expect(points[0]!.x).toBeLessThan(32);
    expect(points.at(-1)!.x).toBeGreaterThan(980);
  });

  it('keeps x rising and y within the values, without those that are not finite', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { maxLength: 300 }), (ys) => {
        const series = new Series(16);
        const finite = ys.map((y) => Math.max(-1e6, Math.min(1e6, y))).filter((y) => !Number.isNaN(y));
        for (const [i, y] of ys.entries()) series.add(i, Math.max(-1e6, Math.min(1e6, y)));
        const points = series.points();
        expect(points.length === 0).toBe(finite.length === 0);
        points.forEach((p, i) => {
          if (i > 0) expect(p.x).toBeGreaterThan(points[i - 1]!.x);
          expect(p.y).toBeGreaterThanOrEqual(Math.min(...finite) - 1e-6);
          expect(p.y).toBeLessThanOrEqual(Math.max(...finite) + 1e-6);
        });
      }),
    );
  });
});

describe('store', () => {
  it('knows where training stands and when it will end', () => {
    const state = newState();
    apply(state, started(), 1000);
    expect(progress(state, 2000)).toMatchObject({ epoch: 1, step: 0, fraction: 0, left: undefined });
    for (let n = 1; n <= 30; n++) apply(state, step(n, { loss: 1 }), 1000 + n * 1000);
    // 30 of 120 steps at one a second: 90 s left; half a second later 89.5
    expect(progress(state, 31_000)).toMatchObject({
      epoch: 3,
      step: 10,
      fraction: 0.25,
      elapsed: 30,
      left: 90,
    });
    expect(progress(state, 31_500)!.left).toBeCloseTo(89.5);
  });

  it('estimates a resumed run from its own steps alone', () => {
    const state = newState();
    apply(state, started({ first_step: 100 }), 0);
    expect(progress(state, 0)!.fraction).toBeCloseTo(100 / 120);
    expect(progress(state, 0)!.epoch).toBe(10);
    for (let n = 101; n <= 110; n++) apply(state, step(n, { loss: 1 }), (n - 100) * 2000);
    expect(progress(state, 20_000)!.left).toBeCloseTo(20);
  });

  it('keeps the best epoch, both kinds of curve, and only the last epochs and messages', () => {
    const state = newState();
    for (const e of sevenEpochs()) apply(state, e, 0);
    expect(state.best?.epoch).toBe(6);
    expect(state.steps.get('loss')!.points()).toHaveLength(65);
    expect(state.epochMeans.get('val_loss')!.points()).toHaveLength(6);
    for (let n = 7; n < 1000; n++) {
      apply(state, epoch(n, { loss: 1 }), 0);
      apply(state, { type: 'message', level: 'info', code: 'x', text: String(n) }, 0);
    }
    expect(state.epochs.length).toBeLessThan(300);
    expect(state.epochs.at(-1)!.epoch).toBe(999);
    expect(state.messages.at(-1)!.text).toBe('999');
    expect(state.messages.length).toBeLessThan(100);
    expect(state.best?.epoch).toBe(6);
  });

  it('finds the bound learning rate by its config path', () => {
    expect(learningRate({ 'optimizer.weight_decay': 1, 'optimizer.learning_rate': 0.1 })).toBe(0.1);
    expect(learningRate({})).toBeUndefined();
  });
});
