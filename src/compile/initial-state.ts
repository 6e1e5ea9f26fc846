import { streamKey } from '../base/random.ts';
import { fansOf, initializers } from '../catalog/initializers/index.ts';
import { invariant } from '../errors.ts';
import type { Plan } from '../plan/index.ts';

/** First values of every state tensor, each from its own stream `init/<name>`: the same for all engines. */
export function initialState(plan: Pick<Plan, 'seed' | 'state'>): Map<string, Float32Array> {
  return new Map(
    plan.state.map(({ name, shape, init }) => {
      const entry = initializers.get(init.type);
      invariant(entry, `initializer ${init.type} passed validation`);
      const key = streamKey(plan.seed, `init/${name}`);
      return [name, entry.values(shape, fansOf(shape), key, init.params as never)];
    }),
  );
}
