import { describe, expect, test } from 'vitest';
import { normal, streamKey } from '../../src/base/random.ts';
import { sizeOf } from '../../src/base/shape.ts';
import { referenceEngine } from '../../src/engines/reference/index.ts';
import { evaluate, mean } from '../../src/train/evaluate.ts';
import { countingSession, examples, plan } from './helpers.ts';

const program = plan.programs.evaluate!; // batches of 4

describe('evaluate', () => {
  for (const count of [1, 3, 4, 5, 8, 11])
    test(`gives ${count} examples their own results, in their order, and drops the padding`, async () => {
      const { session, calls } = countingSession(undefined, (id) => 10 + id);
      const { scores, losses } = await evaluate(session, program, examples(count), () => false);
      const ids = Array.from({ length: count }, (_, i) => i);
      expect([...scores]).toEqual(ids.flatMap((id) => [id, -id, 0]));
      expect([...losses]).toEqual(ids.map((id) => 10 + id));
      expect(calls.map((c) => c.program)).toEqual(new Array(Math.ceil(count / 4)).fill('evaluate'));
      expect(mean(losses)).toBe(10 + (count - 1) / 2);
    });

  test('gives the same results whatever stands in the padding', async () => {
    const state = new Map(
      plan.state.map(({ name, shape }) => [
        name,
        Float32Array.from({ length: sizeOf(shape) }, (_, i) => normal(streamKey(1, name), i)),
      ]),
    );
    const session = await referenceEngine.open(plan, state, { threads: 1 });
    const [five, eight] = [5, 8].map((count) => evaluate(session, program, examples(count), () => false));
    const [short, long] = [await five!, await eight!];
    expect(short.losses).toEqual(long.losses.subarray(0, 5));
    expect(short.scores).toEqual(long.scores.subarray(0, 15));
  });

  test('ends early when nobody waits for it', async () => {
    const { session, calls } = countingSession();
    await evaluate(session, program, examples(11), () => calls.length >= 1);
    expect(calls).toHaveLength(1);
  });

  test('mean sums float32 values in float64', () => {
    expect(mean(new Float32Array(1e6).fill(16_777_217 / 3))).toBe(Math.fround(16_777_217 / 3));
  });
});
