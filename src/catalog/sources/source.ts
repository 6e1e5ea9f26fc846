import type { FileFingerprint } from '../../readers/files/data-file.ts';
import type { DataShape, RawData } from '../../readers/raw-data.ts';
import type { SourceContext } from '../../readers/source-context.ts';
import type { TableProfile } from '../../readers/table-profile.ts';
import type { Entry } from '../entry.ts';

export interface SourceEntry<P> extends Entry<P> {
  /** Reads a table and executes `SourceContext.table`. */
  readonly table?: true;
  /**
   * Shape and target without reading the data (at most a file's header); undefined when they aren't known
   * before reading. Synchronous and fast, because `mlx check` calls it. A missing file isn't an error here.
   */
  describe(params: P, ctx: SourceContext): DataShape | undefined;
  /** The files that the data come from: prepared data are cached by their hashes. */
  files?(params: P, ctx: SourceContext): Promise<readonly FileFingerprint[]>;
  /** Tables only: summarizes the columns, without a target. @throws MlxError with exit code 3 */
  profile?(params: P, ctx: SourceContext): Promise<TableProfile>;
  /** @throws MlxError with exit code 3 for anything wrong with the data. */
  read(params: P, ctx: SourceContext): Promise<RawData>;
}
