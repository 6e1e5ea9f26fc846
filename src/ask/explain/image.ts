import { sizeOf } from '../../base/shape.ts';
import type { CompileInput } from '../../compile/index.ts';
import { compileExplain } from '../../compile/index.ts';
import { networkOf } from '../../config/index.ts';
import type { Part } from '../../data/index.ts';
import type { Engine, EngineOptions, State } from '../../engines/index.ts';
import {
  covered,
  type Gradients,
  type ImageExplanation,
  integratedGradients,
  occlusionMap,
  squaresOf,
} from '../../evaluate/explain/index.ts';
import { outputNames } from '../../protocol/target.ts';
import { type Model, named, predictionsFor, sampleOf } from './model.ts';

const BATCH = 64;
/** The value of an input without anything in it: black. */
const EMPTY = 0;

interface Asked {
  readonly part: Part;
  readonly position: number;
  /** Index of the class to explain; the predicted one when left out. */
  readonly asked: number | undefined;
}

/**
 * Saliency, integrated gradients and occlusion of one picture, all by the raw pixels, so that the features
 * are part of it.
 */
export async function explainImage(
  model: Model,
  input: CompileInput,
  engine: Engine,
  options: EngineOptions,
  state: State,
  { part, position, asked }: Asked,
): Promise<ImageExplanation> {
  const { config, plan, data } = model;
  const sample = sampleOf(model, part, Uint32Array.of(position));
  const p = await predictionsFor(model, sample);
  const [truth, prediction] = named(p, 0);
  const { target } = data;
  const k = asked ?? (p.form === 'classes' ? p.predicted[0]! : 0);
  const [height, width, channels = 1] = data.raw as readonly [number, number, number?];
  const own = compileExplain(networkOf(config), plan, input, BATCH);
  const needed = new Map(own.state.map(({ name }) => [name, state.get(name)!]));
  const session = await engine.open(own, needed, options);
  try {
    // A single output speaks for the second class: the first one's is its negative.
    const sign = p.units === 1 && p.form === 'classes' && k === 0 ? -1 : 1;
    const at = gradientsOf(session, sizeOf(data.raw), p.units === 1 ? 0 : k, sign);
    const x = Float32Array.from(sample.values);
    const { outputs, gradients } = await at([x]);
    const perPixel = (values: ArrayLike<number>, join: (a: number, b: number) => number) =>
      Array.from({ length: height * width }, (_, i) => {
        let value = 0;
        for (let c = 0; c < channels; c++) value = join(value, values[i * channels + c]!);
        return value;
      });
    const black = new Float32Array(x.length).fill(EMPTY);
    const { values, ...integrated } = await integratedGradients(x, black, at);
    const squares = squaresOf(height, width);
    const without = squares.at.map((place) =>
      covered(x, [height, width, channels], place, squares.size, EMPTY),
    );
    const left = (await at(without)).outputs;
    const falls = Float64Array.from(left, (output) => outputs[0]! - output);
    return {
      kind: 'image',
      id: part.ids[position]!,
      truth,
      prediction,
      class: outputNames(target)[k]!,
      output: outputs[0]!,
      height,
      width,
      channels,
      pixels: Array.from(x),
      saliency: perPixel(gradients[0]!, (a, b) => Math.max(a, Math.abs(b))),
      integrated_gradients: { values: perPixel(values, (a, b) => a + b), ...integrated },
      occlusion: {
        values: Array.from(occlusionMap(height, width, squares, falls)),
        size: squares.size,
        stride: squares.stride,
      },
    };
  } finally {
    await session.close();
  }
}

type Session = Awaited<ReturnType<Engine['open']>>;

/** Batches of the program; the last one is padded. */
function gradientsOf(session: Session, size: number, output: number, sign: number): Gradients {
  return async (inputs) => {
    const outputs = new Float64Array(inputs.length);
    const gradients: Float32Array[] = [];
    const x = new Float32Array(BATCH * size);
    const y = new Int32Array(BATCH).fill(output);
    for (let from = 0; from < inputs.length; from += BATCH) {
      const count = Math.min(BATCH, inputs.length - from);
      for (let i = 0; i < count; i++) x.set(inputs[from + i]!, i * size);
      const result = await session.run('evaluate', { data: { x, y }, scalars: {}, counter: 0 });
      for (let i = 0; i < count; i++) {
        outputs[from + i] = sign * result['picked']![i]!;
        const own = (result['gradient'] as Float32Array).slice(i * size, (i + 1) * size);
        gradients.push(sign === 1 ? own : own.map((value) => -value));
      }
    }
    return { outputs, gradients };
  };
}
