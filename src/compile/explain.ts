import { INPUT } from '../base/examples.ts';
import type { Shape } from '../base/shape.ts';
import type { NetworkConfig } from '../config/config.ts';
import { bind, differentiate, GraphBuilder, lastAxis } from '../graph/index.ts';
import type { Plan } from '../plan/index.ts';
import { forward, scored } from './1-build.ts';
import { simplify } from './3-simplify.ts';
import { schedule } from './4-schedule.ts';
import type { CompileInput } from './compile-input.ts';
import { ProgramState, StateRegistry } from './registry.ts';

/**
 * A plan that shows how a trained network's raw output depends on its raw input, preprocessing included. Its
 * only program is called `evaluate`. Inputs: x f32 `[batch, ...raw]`, and y i32 `[batch]`, the output to look
 * at. Results: `picked` `[batch]`, `gradient` (d picked / d x) and `scores`.
 */
export function compileExplain(config: NetworkConfig, plan: Plan, input: CompileInput, batch: number): Plan {
  const registry = new StateRegistry();
  const g = new GraphBuilder();
  const state = new ProgramState(g, registry, false);
  const shape: Shape = [batch, ...plan.data.raw];
  const x = g.input('x', shape);
  const y = g.input('y', [batch], 'i32');
  g.scope = 'preprocess';
  const { output } = forward(
    config,
    state,
    new Map([[INPUT, input.preprocess ? input.preprocess(g, x, INPUT) : x]]),
  );
  g.scope = 'explain';
  const units = lastAxis(output);
  // With a single output y chooses nothing, but an engine expects every input to be read.
  const chosen =
    units === 1 ? g.add(g.mul(g.cast(g.reshape(y, [batch, 1]), 'f32'), 0), 1) : g.oneHot(y, units);
  const picked = g.sum(g.mul(output, chosen), [1]);
  const [gradient] = differentiate(g, g.sum(picked), [x]);
  g.output('picked', picked);
  g.output('gradient', gradient!);
  g.output('scores', scored(config, g, output).scores);
  const graph = simplify(g.finish());
  const data = [
    { name: 'x', role: 'input', shape, dtype: 'f32' },
    { name: 'y', role: 'target', shape: [batch], dtype: 'i32' },
  ] as const;
  const program = { name: 'evaluate' as const, batch, data, graph, ...schedule(bind(graph)) };
  return { ...plan, state: [...registry.specs.values()], scalars: [], programs: { evaluate: program } };
}
