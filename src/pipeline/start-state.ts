import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { initialState } from '../compile/index.ts';
import { type LoadedConfig, networkOf } from '../config/index.ts';
import { positioned } from '../config/load/positioned.ts';
import { dataError } from '../errors.ts';
import type { Plan, StateSpec } from '../plan/index.ts';
import { decodeTensors, type ShapedTensors } from '../record/index.ts';

/**
 * First values of every state tensor: made by its initializer, or taken from the safetensors file that the
 * layer names in `weights`, which may be a checkpoint of another run. The lock pins all of them by one
 * hash.
 * @throws MlxError `weights-missing`, `weights-damaged`, `weights-name`, `weights-shape` with their place
 */
export const startState = (loaded: LoadedConfig, plan: Plan): Map<string, Float32Array> =>
  new Map([...initialState(plan), ...givenState(loaded, plan)]);

/** What files give of it. @throws MlxError as `startState` */
export function givenState(loaded: LoadedConfig, plan: Plan): Map<string, Float32Array> {
  const state = new Map<string, Float32Array>();
  const files = new Map<string, ShapedTensors>();
  return positioned(loaded, () => {
    networkOf(loaded.config).architecture.forEach((layer, i) => {
      const { weights: file } = layer;
      if (typeof file !== 'string') return;
      const path = ['architecture', i, 'weights'];
      const given = files.get(file) ?? read(resolve(dirname(loaded.file), file), file, path);
      files.set(file, given);
      const name = plan.layers[i]!.name;
      const own = plan.state.filter((spec) => spec.role !== 'optimizer' && spec.name.startsWith(`${name}/`));
      if (own.length === 0)
        throw dataError('weights-name', `${name} has no weights that a file could give`, {
          path,
          help: 'remove `weights`',
        });
      for (const spec of own) state.set(spec.name, taken(spec, given, file, path));
    });
    return state;
  });
}

function read(path: string, file: string, at: readonly (string | number)[]): ShapedTensors {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw dataError('weights-missing', `there is no file ${file} that can be read`, { path: [...at], cause });
  }
  try {
    return decodeTensors(bytes);
  } catch (cause) {
    throw dataError('weights-damaged', `${file} is no safetensors file: ${(cause as Error).message}`, {
      path: [...at],
      help: 'name a .safetensors file of float32 tensors, such as a checkpoint of a run',
      cause,
    });
  }
}

/** The tensor of that name; checkpoints of mlx are flat, other files say its shape. */
function taken(
  { name, shape }: StateSpec,
  { tensors, shapes }: ShapedTensors,
  file: string,
  at: readonly (string | number)[],
): Float32Array {
  const found = tensors.get(name);
  if (!found) {
    const names = [...tensors.keys()].filter((one) => !one.startsWith('optimizer/'));
    const shown = names.slice(0, 8).join(', ') + (names.length > 8 ? `, and ${names.length - 8} more` : '');
    throw dataError('weights-name', `${file} has no tensor ${name}`, {
      path: [...at],
      help: `its tensors are ${shown}; give the layer the \`name\` that it has there`,
    });
  }
  const has = shapes.get(name)!;
  const size = shape.reduce((a, b) => a * b, 1);
  const fits = has.length === 1 ? has[0] === size : has.join() === shape.join();
  if (!fits)
    throw dataError(
      'weights-shape',
      `${name} of ${file} is (${has.join(', ')}), the network needs (${shape.join(', ')})`,
      { path: [...at], help: 'give the layer the fields that it had when the file was written' },
    );
  return found;
}
