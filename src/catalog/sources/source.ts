import type { Shape } from '../../graph/index.ts';
import type { Entry } from '../entry.ts';

export type TargetShape =
  | { readonly kind: 'class'; readonly classes: readonly string[] }
  | { readonly kind: 'number'; readonly columns: readonly string[] };

/** What `mlx check` needs to know: the shape of one example and of its target. */
export interface DataShape {
  readonly shape: Shape; // one example, channels last: [28, 28, 1]
  readonly target: TargetShape;
  readonly count?: number;
}

/** A file that a result depends on. */
export interface FileFingerprint {
  /** As named in the config or by the package; never an absolute path of the machine. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface RawData extends DataShape {
  readonly count: number;
  /** `[count, ...shape]`, row-major. Bytes stay bytes: transforms decide what they mean. */
  readonly x: Uint8Array | Float32Array;
  /** Class indices `[count]`, or numbers `[count, columns]`. */
  readonly y: Int32Array | Float32Array;
  /** Names of the input columns of tables. */
  readonly columns?: readonly string[];
  /** The source's own parts, for `split: { type: fixed }`: rows [0, train) and [train, count). */
  readonly train?: number;
  readonly files: readonly FileFingerprint[];
}

export interface SourceContext {
  /** Folder of the config: relative paths start here. */
  readonly folder: string;
  /** Folder for downloads and caches, made when needed. */
  readonly cache: string;
  /** Root of the installed package, where shipped data lies. */
  readonly root: string;
  readonly task: 'classification' | 'regression';
  readonly target?: string;
  readonly seed: number;
}

export interface SourceEntry<P> extends Entry<P> {
  /**
   * Shape and target without reading the data (at most a file's header); undefined when only reading
   * tells. Synchronous and light: `mlx check` calls it. A missing file isn't an error here.
   */
  describe(params: P, ctx: SourceContext): DataShape | undefined;
  /** @throws MlxError with exit code 3 for anything wrong with the data. */
  read(params: P, ctx: SourceContext): Promise<RawData>;
}
