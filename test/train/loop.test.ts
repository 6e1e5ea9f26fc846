import { describe, expect, test } from 'vitest';
import { inOrder } from '../../src/base/order.ts';
import { normal, streamKey } from '../../src/base/random.ts';
import { sizeOf } from '../../src/base/shape.ts';
import { schedules } from '../../src/catalog/schedules/index.ts';
import type { ScheduleMoment } from '../../src/catalog/schedules/schedule.ts';
import { rateAt } from '../../src/catalog/schedules/warmup.ts';
import type { State } from '../../src/engines/engine.ts';
import { referenceEngine } from '../../src/engines/reference/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import type { EpochEvent, StepEvent } from '../../src/protocol/events.ts';
import { type LoopPorts, type LoopSettings, trainLoop } from '../../src/train/loop.ts';
import { newProgress, type Progress } from '../../src/train/progress.ts';
import { countingSession, examples, plan, recordingPorts, settings } from './helpers.ts';

interface Given {
  readonly train?: number;
  readonly validation?: number;
  readonly loss?: (step: number) => number;
  readonly exampleLoss?: (id: number, steps: number) => number;
  readonly settings?: Partial<LoopSettings>;
  readonly ports?: Partial<LoopPorts>;
  readonly progress?: Progress;
  readonly plan?: Plan;
}

/** Trains the counting session on 11 examples (two batches of 4, a tail of 3) unless told otherwise. */
async function trained(given: Given = {}) {
  const { train = 11, validation = 0, progress = newProgress() } = given;
  const fake = countingSession(given.loss, given.exampleLoss);
  const { ports, events, kept } = recordingPorts({ order: () => inOrder(train), ...given.ports });
  const data = { train: examples(train), validation: examples(validation) };
  const run = () =>
    trainLoop(given.plan ?? plan, fake.session, data, settings(given.settings), progress, null, ports);
  let error: unknown;
  const end = await run().catch((e: unknown) => {
    error = e;
  });
  const epochs = events.filter((e): e is EpochEvent => e.type === 'epoch');
  const steps = events.filter((e): e is StepEvent => e.type === 'step');
  return { end, error, progress, epochs, steps, kept, calls: fake.calls, last: fake.steps() };
}

/** The k-th epoch's losses, from 1, as validation sees them with 3 steps an epoch. */
const byEpoch =
  (...losses: number[]) =>
  (_: number, steps: number) =>
    losses[steps / 3 - 1]!;

describe('epochs and steps', () => {
  test('run in order; the tail has its own program and only the last batch uses it', async () => {
    const order = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0];
    const { calls, steps, end } = await trained({
      settings: { epochs: 2 },
      ports: { order: (epoch) => (epoch === 0 ? Uint32Array.from(order) : inOrder(11)) },
    });
    expect(calls.map(({ program, ids, counter }) => [program, ids, counter])).toEqual([
      ['train', [10, 9, 8, 7], 0],
      ['train', [6, 5, 4, 3], 1],
      ['train_tail', [2, 1, 0], 2],
      ['train', [0, 1, 2, 3], 3],
      ['train', [4, 5, 6, 7], 4],
      ['train_tail', [8, 9, 10], 5],
    ]);
    expect(steps.map((s) => [s.epoch, s.step, s.step_in_epoch])).toEqual([
      [1, 1, 1],
      [1, 2, 2],
      [1, 3, 3],
      [2, 4, 1],
      [2, 5, 2],
      [2, 6, 3],
    ]);
    expect(end).toMatchObject({ status: 'completed' });
  });
  test('without a rest there is no tail; fewer examples than one batch of 4 would be all tail', async () => {
    expect((await trained({ train: 8, settings: { epochs: 1 } })).calls.map((c) => c.program)).toEqual([
      'train',
      'train',
    ]);
    expect((await trained({ train: 3, settings: { epochs: 1 } })).calls.map((c) => c.program)).toEqual([
      'train_tail',
    ]);
  });
  test('an epoch’s metrics weigh each batch by its examples', async () => {
    const { epochs, progress } = await trained({ loss: (step) => step, settings: { epochs: 2 } });
    expect(epochs.map((e) => e.metrics['loss'])).toEqual([
      (4 * 1 + 4 * 2 + 3 * 3) / 11,
      (4 * 4 + 4 * 5 + 3 * 6) / 11,
    ]);
    expect(epochs[0]!.metrics['accuracy']).toBeCloseTo((4 * 0.01 + 4 * 0.02 + 3 * 0.03) / 11, 8);
    expect(progress.history).toEqual(epochs.map((e) => e.metrics));
  });
  test('validation’s loss is the mean over examples, beside what `score` makes of its scores', async () => {
    const { epochs } = await trained({ validation: 6, exampleLoss: (id, steps) => id + steps });
    expect(epochs.map((e) => [e.metrics['val_loss'], e.metrics['val_first']])).toEqual([
      [2.5 + 3, 0],
      [2.5 + 6, 0],
      [2.5 + 9, 0],
    ]);
  });
});

describe('what is bound', () => {
  test('is the rate of each moment, and bias corrections by the step from 1', async () => {
    const moments: ScheduleMoment[] = [];
    const { calls } = await trained({
      settings: { epochs: 2 },
      ports: {
        scheduled: (moment) => {
          moments.push({ ...moment, history: [...moment.history] });
          return { 'optimizer.learning_rate': 1 / moments.length };
        },
      },
    });
    expect(moments.map((m) => [m.step, m.epoch, m.history.length])).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [2, 0, 0],
      [3, 1, 1],
      [4, 1, 1],
      [5, 1, 1],
    ]);
    expect(moments.every((m) => m.steps_per_epoch === 3 && m.total_steps === 6)).toBe(true);
    expect(calls.map((c) => c.scalars)).toEqual(
      [1, 2, 3, 4, 5, 6].map((t) => ({
        'optimizer.learning_rate': 1 / t,
        'optimizer.momentum': 1 - 0.5 ** t,
      })),
    );
  });
  test('a schedule changes the number that it names and no other', async () => {
    const second = { name: 'optimizer.weight_decay', kind: 'value', value: 0.25 } as const;
    const { calls } = await trained({
      settings: { epochs: 1 },
      plan: { ...plan, scalars: [...plan.scalars, second] },
      ports: { scheduled: ({ step }) => ({ 'optimizer.learning_rate': 1 + step }) },
    });
    expect(
      calls.map((c) => [c.scalars['optimizer.learning_rate'], c.scalars['optimizer.weight_decay']]),
    ).toEqual([
      [1, 0.25],
      [2, 0.25],
      [3, 0.25],
    ]);
  });
  test('a schedule of a number that the plan does not have is an error', async () => {
    const { error } = await trained({ ports: { scheduled: () => ({ 'optimizer.momentun': 1 }) } });
    expect(String(error)).toContain(
      'the schedule changes optimizer.momentun, which the plan has no scalar for',
    );
  });
  test('a schedule with warm-up: evenly up to the base, then half of it after each epoch', async () => {
    const entry = schedules.get('step')!;
    const params = { ...(entry.schema.parse({ factor: 0.5, every_epochs: 1 }) as object), warmup_steps: 3 };
    const { steps, epochs } = await trained({
      ports: { scheduled: (moment) => ({ [entry.changes]: rateAt(entry, params, 0.6, moment) }) },
    });
    const rates = [0.2, 0.4, 0.6, 0.6, 0.6, 0.6, 0.3, 0.3, 0.3];
    steps.forEach((s, i) => {
      expect(s.scalars['optimizer.learning_rate']).toBeCloseTo(rates[i]!, 12);
    });
    expect(epochs.map((e) => e.scalars)).toEqual([2, 5, 8].map((i) => steps[i]!.scalars));
  });
});

describe('best and early stopping', () => {
  const watched = { monitor: 'val_loss', keep_best: true, epochs: 10 } as const;
  const given = (losses: number[], changed: Partial<LoopSettings>): Given => ({
    validation: 2,
    exampleLoss: byEpoch(...losses),
    settings: { ...watched, ...changed },
  });

  test('patience counts the epochs since the best one', async () => {
    const { epochs, progress } = await trained(given([5, 4, 4.5, 3, 3.5, 3.25, 9], { patience: 2 }));
    expect(epochs.map((e) => e.best)).toEqual([true, true, false, true, false, false]);
    expect(progress).toMatchObject({ stopped: 'early_stopping', best: { epoch: 4, value: 3 }, waited: 2 });
  });
  test('min_delta: smaller improvements don’t count', async () => {
    const { progress } = await trained(given([5, 4.75, 4.5, 4], { patience: 2, min_delta: 0.5 }));
    expect(progress).toMatchObject({ stopped: 'early_stopping', epoch: 3, best: { epoch: 1, value: 5 } });
  });
  test('higher can be better, and equal is not', async () => {
    const { progress } = await trained(given([1, 2, 2, 2], { patience: 2, direction: 'higher' }));
    expect(progress).toMatchObject({ epoch: 4, best: { epoch: 2, value: 2 } });
  });
  test('restored are the weights of the best epoch, also without early stopping', async () => {
    const losses = [5, 3, 4, 6];
    for (const patience of [2, null]) {
      const restored = await trained(given(losses, { patience, epochs: 4, restore_best: true }));
      expect(restored.last).toBe(6);
      const left = await trained(given(losses, { patience, epochs: 4 }));
      expect(left.last).toBe(12);
    }
  });
  test('a quantity that has no value is never the best', async () => {
    const { progress, kept } = await trained({
      settings: {
        monitor: 'val_roc_auc',
        direction: 'higher',
        patience: 2,
        keep_best: true,
        restore_best: true,
        epochs: 9,
      },
      validation: 2,
      ports: { score: () => ({}) },
    });
    expect(progress).toMatchObject({ best: null, epoch: 2, stopped: 'early_stopping' });
    expect(kept.every((k) => k.best === null)).toBe(true);
  });
  test('stop_when ends after the epoch whose metrics it likes', async () => {
    const { progress, end } = await trained({
      loss: (step) => 10 - step,
      settings: { epochs: 100 },
      ports: { stopWhen: (metrics) => metrics['loss']! < 6 },
    });
    expect(progress).toMatchObject({ epoch: 2, stopped: 'stop_when' });
    expect(end).toMatchObject({ status: 'completed' });
  });
});

describe('checkpoints', () => {
  const at = (kept: readonly { progress: string }[]) =>
    kept.map((k) => (JSON.parse(k.progress) as Progress).epoch);

  test('come every k epochs and at the end, where they can’t be declined', async () => {
    const { kept } = await trained({ settings: { epochs: 7, checkpoint_every: 3 } });
    expect(at(kept)).toEqual([3, 6, 7]);
    expect(kept.map((k) => k.final)).toEqual([false, false, true]);
  });
  test('have no best without validation', async () => {
    const { kept, epochs } = await trained({ loss: (step) => 1 / step });
    expect(kept.map((k) => k.best)).toEqual([null, null, null]);
    expect(epochs.map((e) => e.best)).toEqual([false, false, false]);
  });
  test('have the best weights when those are new, else not', async () => {
    const { kept } = await trained({
      validation: 2,
      exampleLoss: byEpoch(5, 4, 6, 3),
      settings: { monitor: 'val_loss', keep_best: true, epochs: 4 },
    });
    expect(kept.map((k) => k.best?.get('steps')?.[0])).toEqual([3, 6, undefined, 12]);
    expect(kept.map((k) => k.last.get('steps')![0])).toEqual([3, 6, 9, 12]);
  });
  test('bring the best weights later where an earlier one was declined', async () => {
    const { ports, kept } = recordingPorts();
    let asked = 0;
    const { progress } = await trained({
      validation: 2,
      exampleLoss: byEpoch(5, 6, 7, 8),
      settings: { monitor: 'val_loss', keep_best: true, epochs: 4 },
      ports: {
        checkpoint: async (...args) => ++asked > 2 && ports.checkpoint(...args),
      },
    });
    expect(progress.best).toEqual({ epoch: 1, value: 5 });
    expect(at(kept)).toEqual([3, 4]);
    expect(kept.map((k) => k.best?.get('steps')?.[0])).toEqual([3, undefined]);
  });
});

describe('a loss that is no number', () => {
  test('stops at its step, says which and what the rate was, and tells that step', async () => {
    const { error, progress, steps } = await trained({ loss: (step) => (step === 5 ? NaN : 1) });
    expect(error).toMatchObject({ code: 'nan-loss', exit: 4 });
    expect((error as Error).message).toBe('the loss became NaN at step 5 (epoch 2)');
    expect((error as { details: { help: string } }).details.help).toContain('0.1');
    expect(progress.step).toBe(5);
    expect(steps.at(-1)!.step).toBe(5);
  });
  test('may be infinite, or validation’s', async () => {
    const infinite = await trained({ loss: (step) => (step === 2 ? -Infinity : 1) });
    expect((infinite.error as Error).message).toBe('the loss became -Infinity at step 2 (epoch 1)');
    const { error, epochs } = await trained({ validation: 2, exampleLoss: byEpoch(1, NaN) });
    expect((error as Error).message).toBe('the validation loss became NaN at step 6 (epoch 2)');
    expect(epochs).toHaveLength(1);
  });
});

describe('step events', () => {
  test('of a run of more than 20,000 steps are every k-th, and the last of each epoch', async () => {
    const { steps, progress } = await trained({ settings: { epochs: 13_400, checkpoint_every: 13_400 } }); // 40,200 steps: every third
    expect(progress.step).toBe(40_200);
    expect(steps).toHaveLength(13_400);
    expect(steps.every((s) => s.step % 3 === 0)).toBe(true);
    const { steps: other } = await trained({ train: 20, settings: { epochs: 5000, checkpoint_every: 5000 } }); // 25,000 of 5 an epoch: every second
    expect(other.filter((s) => s.epoch <= 2).map((s) => s.step)).toEqual([2, 4, 5, 6, 8, 10]);
  });
  test('of 20,000 steps are all of them', async () => {
    expect(
      (await trained({ train: 8, settings: { epochs: 10_000, checkpoint_every: 10_000 } })).steps,
    ).toHaveLength(20_000);
  });
});

describe('stopping and going on', () => {
  const start = (): State =>
    new Map(
      plan.state.map(({ name, shape }) => [
        name,
        Float32Array.from({ length: sizeOf(shape) }, (_, i) => 0.1 * normal(streamKey(1, name), i)),
      ]),
    );
  const data = { train: examples(11), validation: examples(6) };
  const how = settings({ epochs: 6, monitor: 'val_loss', patience: 2, keep_best: true, restore_best: true });
  const changing: Partial<LoopPorts> = {
    // Depends on the history, as reduce_on_plateau does.
    scheduled: ({ step, history }) => ({
      'optimizer.learning_rate': 0.02 / (1 + step / 10 + (history.at(-1)?.['val_loss'] ?? 0)),
    }),
    score: ({ losses }) => ({ least: Math.min(...losses) }),
  };

  /** Trains on float32 weights; stops before step `stopAt`, goes on from what a file would hold, until it's done. */
  async function inPieces(stopEvery: number) {
    let state = start();
    let best: State | null = null;
    let progress = newProgress();
    const epochs: object[] = [];
    for (let pieces = 1; ; pieces++) {
      const session = await referenceEngine.open(plan, state, { threads: 1 });
      const first = progress.step;
      const now: Progress = progress;
      const { ports, events, kept } = recordingPorts({
        ...changing,
        stopRequested: () => now.step - first >= stopEvery,
      });
      const end = await trainLoop(plan, rounding(session), data, how, now, best, ports);
      for (const e of events)
        if (e.type === 'epoch') epochs.push({ ...e, seconds: 0, samples_per_second: 0 });
      if (end.status === 'completed')
        return { state: await session.readState(), progress: now, epochs, pieces };
      const last = kept.at(-1)!;
      expect(last.final).toBe(true);
      state = last.last;
      best = kept.findLast((k) => k.best)?.best ?? best;
      progress = JSON.parse(last.progress) as Progress;
    }
  }
  /** The reference keeps float64 between steps; a checkpoint holds float32, as the other engines do. */
  const rounding = (session: Awaited<ReturnType<typeof referenceEngine.open>>): typeof session => ({
    ...session,
    info: session.info,
    run: async (program, inputs) => {
      const results = await session.run(program, inputs);
      await session.writeState(await session.readState());
      return results;
    },
    readState: () => session.readState(),
    writeState: (state) => session.writeState(state),
  });

  test('gives the same bits, history and events wherever it was stopped', async () => {
    const whole = await inPieces(Infinity);
    expect(whole.pieces).toBe(1);
    expect(whole.progress.epoch).toBeGreaterThan(2);
    for (const stopEvery of [1, 2, 3, 4, 7]) {
      const { pieces, ...rest } = await inPieces(stopEvery);
      expect(pieces).toBeGreaterThan(1);
      expect(rest.state).toEqual(whole.state);
      expect(rest.progress).toEqual(whole.progress);
      expect(rest.epochs).toEqual(whole.epochs);
    }
  });
  test('a request before the first step keeps the start', async () => {
    const { end, kept, calls } = await trained({ ports: { stopRequested: () => true } });
    expect(end).toMatchObject({ status: 'interrupted' });
    expect(calls).toEqual([]);
    expect(kept).toMatchObject([{ progress: JSON.stringify(newProgress()), final: true }]);
  });
});
