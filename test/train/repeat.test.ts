import { expect, test } from 'vitest';
import { inOrder } from '../../src/base/order.ts';
import type { Session } from '../../src/engines/engine.ts';
import type { LoopPorts } from '../../src/train/loop.ts';
import { trainLoop } from '../../src/train/loop.ts';
import { newProgress } from '../../src/train/progress.ts';
import { countingSession, examples, plan, recordingPorts, settings } from './helpers.ts';

/** 23 examples: five batches of 4 and a tail of 3. */
const TRAIN = 23;

async function trained(times: number, ports: Partial<LoopPorts> = {}, loss?: (step: number) => number) {
  const fake = countingSession(loss);
  const groups: number[] = [];
  const session: Session = {
    ...fake.session,
    async repeat(program, steps) {
      groups.push(steps.length);
      const results = [];
      for (const step of steps) results.push(await fake.session.run(program, step));
      return results;
    },
  };
  const recorded = recordingPorts({ order: () => inOrder(TRAIN), ...ports });
  const progress = newProgress();
  const repeated = {
    ...plan,
    programs: { ...plan.programs, train: { ...plan.programs.train!, repeat: times } },
  };
  const data = { train: examples(TRAIN), validation: examples(0) };
  const run = () =>
    trainLoop(
      repeated,
      times > 1 ? session : fake.session,
      data,
      settings({ epochs: 2 }),
      progress,
      null,
      recorded.ports,
    );
  const error = await run().then(
    () => undefined,
    (e: Error) => e.message,
  );
  return { error, progress, groups, calls: fake.calls, events: recorded.events, kept: recorded.kept };
}

test('steps in groups are the same steps, told one by one; what is left of an epoch is a smaller group', async () => {
  const byStep = {
    scheduled: ({ step }: { step: number }) => ({ 'optimizer.learning_rate': 1 / (1 + step) }),
  };
  const single = await trained(1, byStep);
  const grouped = await trained(2, byStep);
  expect(grouped.groups).toEqual([2, 2, 2, 2]);
  const wide = await trained(3, byStep);
  expect(wide.groups).toEqual([3, 2, 3, 2]);
  for (const { calls, events, kept } of [grouped, wide]) {
    expect(calls).toEqual(single.calls);
    expect(events).toEqual(single.events);
    expect(kept).toEqual(single.kept);
  }
});

test('more steps in a group than an epoch has: those that it has', async () => {
  expect((await trained(8)).groups).toEqual([5, 5]);
});

test('a stop comes after the group, and progress says where', async () => {
  let asked = 0;
  const { progress, calls } = await trained(2, { stopRequested: () => ++asked > 2 });
  expect([progress.step, progress.step_in_epoch, calls.length]).toEqual([4, 4, 4]);
});

test('a loss that is no number names its own step', async () => {
  const loss = (step: number) => (step === 3 ? Number.NaN : 1);
  expect((await trained(2, {}, loss)).error).toEqual((await trained(1, {}, loss)).error);
});
