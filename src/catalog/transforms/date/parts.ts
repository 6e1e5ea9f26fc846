import * as z from 'zod';
import { type GraphBuilder, lastAxis, type Node } from '../../../graph/index.ts';
import { once } from '../../fields.ts';
import type { OutColumn, TransformEntry } from '../transform.ts';
import { calendar, emitCalendar, PARTS, type Part } from './calendar.ts';

interface PartsParams {
  readonly parts: readonly Part[];
  readonly cyclic: boolean;
}

const NAMES = Object.keys(PARTS) as Part[];

const schema = once(() =>
  z.strictObject({
    parts: z
      .array(z.enum(NAMES as [Part, ...Part[]]))
      .min(1)
      .refine((parts) => new Set(parts).size === parts.length, { error: 'expected each part once' })
      .default(['year', 'month', 'day', 'weekday'])
      .describe('what each date becomes; weekday: Monday is 0; hour: 0 to 23, in UTC'),
    cyclic: z
      .boolean()
      .default(false)
      .describe(
        'sine and cosine of a part in place of its number, so that December is next to January; not of years',
      ),
  }),
);

const isCyclic = (part: Part, { cyclic }: Pick<PartsParams, 'cyclic'>) => cyclic && PARTS[part].period > 0;
const angle = (part: Part, value: number): number =>
  (2 * Math.PI * (value - PARTS[part].first)) / PARTS[part].period;

const paramsOf = (vectors: Readonly<Record<string, Float64Array>> | undefined): PartsParams => ({
  parts: Array.from(vectors!['parts']!, (i) => NAMES[i]!),
  cyclic: vectors!['cyclic']![0] === 1,
});

/**
 * Parts of dates by the proleptic Gregorian calendar, as pandas' `dt` has them. Dates are held as float32
 * days, which is exact for days; a time of day is right to about 1.5 minutes, so an hour's last minutes may
 * count to the next one.
 */
export const parts: TransformEntry<PartsParams> = {
  name: 'parts',
  help: 'year, month, day, weekday, hour or day of year of a date',
  get schema() {
    return schema();
  },
  stateless: true,
  accepts: ['date'],
  missing: true,
  shape: ([width], params) => [
    width! * params.parts.reduce((sum, part) => sum + (isCyclic(part, params) ? 2 : 1), 0),
  ],
  fit(rows, params) {
    const columns = rows.columns ?? [];
    const made = columns.flatMap(({ name }, from) =>
      params.parts.flatMap((part): OutColumn[] =>
        (isCyclic(part, params) ? [`${part}_sin`, `${part}_cos`] : [part]).map((suffix) => ({
          name: `${name}_${suffix}`,
          kind: 'number',
          from,
        })),
      ),
    );
    return {
      summary: `${params.parts.join(', ')} of ${columns.map(({ name }) => name).join(', ')}`,
      shape: [made.length],
      columns: made,
      vectors: {
        parts: Float64Array.from(params.parts, (part) => NAMES.indexOf(part)),
        cyclic: Float64Array.of(params.cyclic ? 1 : 0),
      },
    };
  },
  apply({ vectors }, rows) {
    const params = paramsOf(vectors);
    const out: number[] = [];
    for (const days of rows) {
      const found = Number.isNaN(days) ? undefined : calendar(days);
      for (const part of params.parts) {
        const value = found ? found[part] : Number.NaN;
        if (isCyclic(part, params)) out.push(Math.sin(angle(part, value)), Math.cos(angle(part, value)));
        else out.push(value);
      }
    }
    return Float64Array.from(out);
  },
  emit(g, x, { vectors }) {
    const params = paramsOf(vectors);
    const batch = x.shape[0]!;
    const pieces = Array.from({ length: lastAxis(x) }, (_, j) => {
      const days = g.slice(x, [0, j], [batch, j + 1]);
      const present = g.equal(days, days); // NaN equals nothing, itself neither
      const found = emitCalendar(g, g.select(present, days, 0));
      return params.parts.flatMap((part) => {
        const nodes = isCyclic(part, params) ? emitWaves(g, part, found[part]) : [found[part]];
        return nodes.map((node) => g.select(present, node, days));
      });
    }).flat();
    return pieces.length === 1 ? pieces[0]! : g.concat(pieces, 1);
  },
};

/** Sine and cosine of a part `[batch, 1]`, from tables: parts are small whole numbers. */
function emitWaves(g: GraphBuilder, part: Part, value: Node): Node[] {
  const { first, last } = PARTS[part];
  const index = g.cast(g.sub(value, first), 'i32');
  return [Math.sin, Math.cos].map((wave) =>
    g.gather(
      g.constant(
        Float32Array.from({ length: last - first + 1 }, (_, k) => wave(angle(part, first + k))),
        [last - first + 1],
      ),
      index,
    ),
  );
}
