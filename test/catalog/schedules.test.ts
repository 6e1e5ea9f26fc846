import { describe, expect, it } from 'vitest';
import { rateAt, schedules } from '../../src/catalog/schedules/index.ts';
import type { ScheduleMoment } from '../../src/catalog/schedules/schedule.ts';

const STEPS = 10; // an epoch

const moment = (step: number, history: ScheduleMoment['history'] = []): ScheduleMoment => ({
  step,
  epoch: Math.floor(step / STEPS),
  steps_per_epoch: STEPS,
  total_steps: 100,
  history,
});

function rate(type: string, fields: object, at: ScheduleMoment, warmup_steps = 0): number {
  const entry = schedules.get(type)!;
  return rateAt(entry, { ...entry.schema.parse(fields), warmup_steps }, 0.8, at);
}

describe('schedules by step', () => {
  it('constant', () => {
    expect(rate('constant', {}, moment(99))).toBe(0.8);
  });

  it('step', () => {
    const rates = [0, 19, 20, 39, 40].map((step) =>
      rate('step', { factor: 0.5, every_epochs: 2 }, moment(step)),
    );
    expect(rates).toEqual([0.8, 0.8, 0.4, 0.4, 0.2]);
  });

  it('exponential_decay', () => {
    const fields = { decay_steps: 20, decay_rate: 0.25 };
    expect(rate('exponential_decay', fields, moment(10))).toBeCloseTo(0.4, 12); // half a turn: factor 0.5
    expect(rate('exponential_decay', fields, moment(40))).toBeCloseTo(0.05, 12);
    expect(rate('exponential_decay', { ...fields, staircase: true }, moment(19))).toBe(0.8);
    expect(rate('exponential_decay', { ...fields, staircase: true }, moment(20))).toBeCloseTo(0.2, 12);
  });

  it('cosine_decay', () => {
    expect(rate('cosine_decay', {}, moment(0))).toBe(0.8);
    expect(rate('cosine_decay', {}, moment(50))).toBeCloseTo(0.4, 12); // half of all steps, half the rate
    // A third of the way cos is 1/2, so 3/4 of the way between alpha and 1.
    expect(rate('cosine_decay', { decay_steps: 30, alpha: 0.5 }, moment(10))).toBeCloseTo(0.8 * 0.875, 12);
    expect(rate('cosine_decay', { decay_steps: 30, alpha: 0.5 }, moment(90))).toBeCloseTo(0.4, 12);
  });
});

describe('warm-up', () => {
  it('rises evenly, then the schedule begins', () => {
    const rates = [0, 1, 2, 3, 4].map((step) => rate('constant', {}, moment(step), 4));
    expect(rates).toEqual([0.2, 0.4, 0.6000000000000001, 0.8, 0.8]);
    const cosine = (step: number) => rate('cosine_decay', {}, moment(step), 20);
    expect(cosine(20)).toBe(0.8);
    expect(cosine(60)).toBeCloseTo(0.4, 12); // halfway from 20 to 100
    const stairs = (step: number) => rate('step', { factor: 0.5, every_epochs: 1 }, moment(step), 5);
    expect([5, 14, 15].map(stairs)).toEqual([0.8, 0.8, 0.4]);
  });

  it('forgets the epochs that ended in it', () => {
    const history = [{ val_loss: 1 }, { val_loss: 9 }, { val_loss: 9 }];
    const fields = { patience: 1, factor: 0.5 };
    expect(rate('reduce_on_plateau', fields, moment(30, history))).toBe(0.2);
    expect(rate('reduce_on_plateau', fields, moment(30, history), 10)).toBe(0.4);
  });
});

describe('reduce_on_plateau', () => {
  const rateAfter = (fields: object, ...losses: number[]) =>
    rate(
      'reduce_on_plateau',
      { factor: 0.5, ...fields },
      moment(
        losses.length * STEPS,
        losses.map((val_loss) => ({ val_loss })),
      ),
    );

  it('waits as many epochs as its patience', () => {
    expect(rateAfter({ patience: 2 })).toBe(0.8);
    expect(rateAfter({ patience: 2 }, 1, 1)).toBe(0.8);
    expect(rateAfter({ patience: 2 }, 1, 1, 1)).toBe(0.4);
    expect(rateAfter({ patience: 2 }, 1, 1, 0.5, 0.6)).toBe(0.8);
    expect(rateAfter({ patience: 2 }, 1, 1, 1, 1, 1)).toBe(0.2);
  });

  it('takes a change below min_delta for none', () => {
    expect(rateAfter({ patience: 1, min_delta: 0.1 }, 1, 0.95)).toBe(0.4);
    expect(rateAfter({ patience: 1, min_delta: 0.01 }, 1, 0.95)).toBe(0.8);
  });

  it('counts no epoch while it cools down', () => {
    // Keras: the counter falls at the start of an epoch, and an epoch that ends it is counted.
    expect(rateAfter({ patience: 1, cooldown: 2 }, 1, 1, 1)).toBe(0.4);
    expect(rateAfter({ patience: 1, cooldown: 2 }, 1, 1, 1, 1)).toBe(0.2);
    expect(rateAfter({ patience: 1, cooldown: 0 }, 1, 1, 1)).toBe(0.2);
  });

  it('stops at the lowest rate', () => {
    expect(rateAfter({ patience: 1, min_learning_rate: 0.3 }, 1, 1, 1, 1)).toBe(0.3);
  });

  it('knows which metrics should rise', () => {
    const history = [0.5, 0.6, 0.7].map((accuracy) => ({ accuracy }));
    const fields = { monitor: 'accuracy', patience: 1, factor: 0.5 };
    expect(rate('reduce_on_plateau', fields, moment(30, history))).toBe(0.8);
    expect(rate('reduce_on_plateau', fields, moment(30, history.reverse()))).toBe(0.2);
  });

  it('passes over epochs without the quantity', () => {
    expect(rate('reduce_on_plateau', { patience: 1 }, moment(30, [{}, { val_loss: 1 }, {}]))).toBe(0.8);
  });
});
