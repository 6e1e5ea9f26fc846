import * as z from 'zod';
import { ENGINE_NAMES, GPUJS_MODES, LAYOUTS } from '../../protocol/engine-names.ts';
import { fields } from '../declare/fields.ts';
import { finish } from '../declare/section.ts';
import { sectionMap } from '../declare/section-map.ts';
import type { Tree } from '../tree/tree.ts';

const engineSchema = () =>
  z.strictObject({
    type: z
      .enum(['auto', ...ENGINE_NAMES])
      .default('auto')
      .describe('auto picks the fastest; reference is slow and exact, for tests.'),
    provider: z.enum(['cpu']).default('cpu').describe("ONNX Runtime's execution provider."),
    mode: z
      .enum(GPUJS_MODES)
      .nullable()
      .default(null)
      .describe('How gpu.js runs, and nothing else. Null: on a GPU if there is one, else webasm.'),
    allow_fallback: z
      .boolean()
      .default(false)
      .describe('gpujs: go on where gpu.js can only run slower than asked; else that is an error.'),
    threads: z
      .int()
      .min(1)
      .max(1024)
      .nullable()
      .default(null)
      .describe('Null: as many as the machine offers.'),
    layout: z
      .enum(LAYOUTS)
      .default('fast')
      .describe(
        "onnx: fast takes ONNX Runtime's blocked layout for convolutions, where this CPU has it; portable rounds alike on all CPUs.",
      ),
  });

/** `gpujs:webasm` is short for `{ type: gpujs, mode: webasm }`, any other name for its type. */
function typeAndMode(name: Tree): [string, Tree][] {
  const text = name.kind === 'scalar' && typeof name.value === 'string' ? name.value : '';
  const { position, key } = name;
  const colon = text.startsWith('gpujs:') ? text.indexOf(':') : -1;
  if (colon < 0) return [['type', { ...name, key: position }]];
  // Places inside the text are only known where it stands unquoted.
  const part = (value: string, at: number): Tree => {
    const plain = position.length === text.length;
    const own = plain
      ? { ...position, column: position.column + at, length: Math.max(1, value.length) }
      : position;
    return { kind: 'scalar', value, position: own, key };
  };
  return [
    ['type', part('gpujs', 0)],
    ['mode', part(text.slice(colon + 1), colon + 1)],
  ];
}

/** `engine: onnx` or `engine: { type: onnx, threads: 2 }`. */
export const engine = finish(
  fields(engineSchema, {
    expand: typeAndMode,
    jsonSchema: (map) => ({
      description: 'What computes.',
      anyOf: [
        map.properties!['type']!,
        { enum: GPUJS_MODES.map((mode) => `gpujs:${mode}`), description: 'gpu.js in one mode.' },
        map,
      ],
    }),
  }),
  (value, written, place, { problems }) => {
    if (!value || value.type === 'gpujs') return value;
    const map = sectionMap(written, place, problems, typeAndMode)!;
    for (const field of ['mode', 'allow_fallback'] as const) {
      const at = map.entries.get(field);
      if (at?.kind !== 'scalar' || at.value === null || at.value === false) continue;
      const help = `write \`type: gpujs\`, or remove \`${field}\``;
      const text = `\`${field}\` is for gpujs, but the engine is ${value.type}`;
      problems.add('wrong-value', text, at.key ?? at.position, { help });
    }
    return value;
  },
);
