import type { Examples } from '../../src/base/examples.ts';
import { inOrder } from '../../src/base/order.ts';
import { shuffled, streamKey } from '../../src/base/random.ts';
import type { RunInputs, Session, State, Tensor } from '../../src/engines/engine.ts';
import type { ProgramName } from '../../src/plan/index.ts';
import type { RunEvent } from '../../src/protocol/events.ts';
import type { Outputs } from '../../src/train/evaluate.ts';
import type { LoopPorts, LoopSettings } from '../../src/train/loop.ts';
import type { Progress } from '../../src/train/progress.ts';
import { trainingPlan } from '../contracts/plans.ts';

/** The contract's plan (batches of 4, a tail of 3, dropout); its second number follows the step: 1 - 0.5^t. */
export const plan = {
  ...trainingPlan,
  scalars: [trainingPlan.scalars[0]!, { name: 'optimizer.momentum', kind: 'one_minus_power', base: 0.5 }],
} as const satisfies typeof trainingPlan;

/** Example i is (i, i/8, 0, 0, 1) with label i mod 3, so that batches tell which examples are in them. */
export const examples = (count: number): Examples => ({
  count,
  fields: [
    { name: 'x', role: 'input', shape: [5], dtype: 'f32' },
    { name: 'y', role: 'target', shape: [], dtype: 'i32' },
  ],
  fill: (field, out, order, from, n) => {
    for (let i = 0; i < n; i++)
      if (field === 'y') out[i] = order[from + i]! % 3;
      else out.set([order[from + i]!, order[from + i]! / 8, 0, 0, 1], i * 5);
  },
});
/** Which examples a batch holds, padding included. */
export const idsOf = (x: Tensor): number[] => [...x].filter((_, i) => i % 5 === 0);

export interface Call {
  readonly program: ProgramName;
  readonly ids: readonly number[];
  readonly scalars: Readonly<Record<string, number>>;
  readonly counter: number;
}

/**
 * A session that only counts: its state is the number of steps taken, and `loss` says what a step returns and `score`
 * what the first score of an evaluated example is.
 */
export function countingSession(
  loss: (step: number) => number = () => 1,
  exampleLoss: (id: number, steps: number) => number = () => 1,
) {
  const calls: Call[] = [];
  let steps = 0;
  const session: Session = {
    info: { type: 'fake', provider: 'cpu', threads: 1, version: '1', options: {} },
    prepare: async () => {},
    async run(program: ProgramName, { data, scalars, counter }: RunInputs): Promise<Record<string, Tensor>> {
      const ids = idsOf(data['x']!);
      calls.push({ program, ids, scalars, counter });
      if (program === 'evaluate')
        return {
          scores: Float32Array.from(ids.flatMap((id) => [id, -id, steps])),
          example_loss: Float32Array.from(ids, (id) => exampleLoss(id, steps)),
        };
      steps++;
      return { loss: new Float32Array([loss(steps)]), accuracy: new Float32Array([steps / 100]) };
    },
    readState: async () => new Map([['steps', new Float32Array([steps])]]),
    writeState: async (state) => {
      steps = state.get('steps')![0]!;
    },
    close: async () => {},
  };
  return { session, calls, steps: () => steps };
}

export interface Kept {
  readonly last: State;
  readonly best: State | null;
  /** As a file has it. */
  readonly progress: string;
  readonly final: boolean;
}

/** Ports that remember what they were told; time stands still. */
export function recordingPorts(changed: Partial<LoopPorts> = {}) {
  const events: RunEvent[] = [];
  const kept: Kept[] = [];
  const ports: LoopPorts = {
    emit: (event) => events.push(event),
    async checkpoint(progress: Progress, states, final) {
      kept.push({ last: await states.last(), best: states.best, progress: JSON.stringify(progress), final });
      return true;
    },
    order: (epoch) => shuffled(inOrder(11), streamKey(1, 'shuffle', epoch)),
    scheduled: () => ({ 'optimizer.learning_rate': 0.1 }),
    score: (outputs: Outputs) => ({ first: outputs.scores[0]! }),
    stopWhen: () => false,
    stopRequested: () => false,
    abandoned: () => false,
    now: () => 0,
    ...changed,
  };
  return { ports, events, kept };
}

export const settings = (changed: Partial<LoopSettings> = {}): LoopSettings => ({
  epochs: 3,
  monitor: 'loss',
  direction: 'lower',
  patience: null,
  min_delta: 0,
  keep_best: false,
  restore_best: false,
  checkpoint_every: 1,
  ...changed,
});
