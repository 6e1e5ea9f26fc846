import type {
  DatasetExhibit,
  DeeperMaps,
  Exhibit,
  ExhibitKind,
  ExhibitOf,
  ImageSize,
  LayersExhibit,
  Ranking,
} from './exhibits.ts';
import type { Result } from './result.ts';

/** `exhibits.json`, so that a report can be drawn again without the data and the model. */
export interface ExhibitsFile {
  readonly format: 2;
  readonly exhibits: readonly Exhibit[];
}

export const exhibitsFile = (exhibits: readonly Exhibit[]): ExhibitsFile => ({ format: 2, exhibits });

/** The lists that an exhibit can't be drawn without. */
const LISTS: { readonly [K in ExhibitKind]: readonly (keyof ExhibitOf<K>)[] } = {
  confusion: ['classes', 'counts'],
  rates: ['rows'],
  scatter: ['plots'],
  examples: ['list'],
  ranking: ['lines'],
  reliability: ['bins'],
  regions: ['names', 'from', 'to', 'cells', 'points'],
  layers: ['input', 'layers'],
  filters: ['values'],
  maps: ['examples', 'deeper'],
  dataset: ['raw', 'shape', 'features'],
};

/** A kind that only a later version knows is an exhibit too; nothing draws it. */
function isExhibit(found: unknown): found is Exhibit {
  const exhibit = (found ?? {}) as Readonly<Record<string, unknown>>;
  const lists: readonly string[] = LISTS[exhibit['kind'] as ExhibitKind] ?? [];
  return typeof exhibit['kind'] === 'string' && lists.every((name) => Array.isArray(exhibit[name]));
}

/** @returns undefined for what isn't such a file */
export function asExhibits(found: unknown): readonly Exhibit[] | undefined {
  const { format } = (found ?? {}) as { readonly format?: unknown };
  if (format === 2) {
    const { exhibits } = found as Partial<ExhibitsFile>;
    return Array.isArray(exhibits) && exhibits.every(isExhibit) ? exhibits : undefined;
  }
  return format === 1 ? ofFirstFormat(found as FirstFormat) : undefined;
}

/**
 * What the numbers of a result show by themselves.
 * @param of which examples they are of, where it isn't one part
 */
export function resultExhibits(
  { confusion, per_class: rows = [] }: Pick<Result, 'confusion' | 'per_class'>,
  of?: string,
): readonly Exhibit[] {
  return [
    // Classes have a confusion matrix, labels have none.
    ...(Array.isArray(rows) && rows.length > 0
      ? [{ kind: 'rates', noun: confusion ? 'class' : 'label', rows } as const]
      : []),
    ...(confusion?.classes?.length
      ? [{ kind: 'confusion', ...confusion, ...(of !== undefined && { of }) } as const]
      : []),
  ];
}

type Bare<K extends Exhibit['kind']> = Omit<ExhibitOf<K>, 'kind'>;
interface Names {
  readonly names: readonly string[];
  readonly train: readonly number[];
}

/** As mlx 0.1 wrote it: one field for each thing, and the task guessed from which are there. */
interface FirstFormat {
  readonly data: Omit<DatasetExhibit, 'kind' | 'counts'> & {
    readonly classes?: Names;
    readonly labels?: Names;
  };
  readonly layers: LayersExhibit['layers'];
  readonly examples?: Omit<Bare<'examples'>, 'answers'>;
  readonly ranked?: readonly Ranking[];
  readonly reliability?: Bare<'reliability'>['bins'];
  readonly fits?: Bare<'scatter'>['plots'];
  readonly filters?: Bare<'filters'>;
  readonly maps?: Omit<Bare<'maps'>, 'image' | 'deeper'>;
  readonly deeper?: readonly DeeperMaps[];
  readonly regions?: Omit<Bare<'regions'>, 'answers'>;
}

function ofFirstFormat(found: FirstFormat): readonly Exhibit[] | undefined {
  const { data, layers, examples, ranked, reliability, fits, filters, maps, deeper = [], regions } = found;
  if (typeof data?.source !== 'string' || !Array.isArray(layers)) return undefined;
  const { classes, labels, ...dataset } = data;
  const exact = classes !== undefined || labels !== undefined;
  const image: ImageSize | undefined = examples?.image;
  const exhibits: (Exhibit | false | undefined)[] = [
    fits && { kind: 'scatter', plots: fits },
    examples && { kind: 'examples', answers: exact ? 'exact' : 'distance', ...examples },
    ranked && {
      kind: 'ranking',
      ...(labels
        ? { noun: 'label', each: 'Each label' }
        : { noun: 'class', each: 'Each class against the rest' }),
      lines: ranked,
    },
    reliability && { kind: 'reliability', bins: reliability },
    regions && { kind: 'regions', ...(classes && { answers: classes.names }), ...regions },
    { kind: 'layers', input: data.shape, layers },
    filters && { kind: 'filters', ...filters },
    maps && { kind: 'maps', ...(image && { image }), ...maps, deeper },
    {
      kind: 'dataset',
      ...dataset,
      ...(classes && {
        counts: { noun: 'class', ...classes, of: classes.train.reduce((a, b) => a + b, 0) },
      }),
      ...(labels && { counts: { noun: 'label', ...labels, of: data.rows.train } }),
    },
  ];
  return exhibits.filter((e): e is Exhibit => !!e);
}
