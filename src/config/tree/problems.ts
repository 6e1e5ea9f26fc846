import { configError, type MlxError, MlxErrors, type Position } from '../../errors.ts';

/** More on a screen help nobody, and a hostile file can have a problem on each of 100,000 lines. */
const MOST_TOLD = 100;

/**
 * Collects the problems of one config and throws them all at once, in the order of the file; of very many
 * the first 100.
 */
export class Problems {
  private readonly found: { error: MlxError; order: number }[] = [];
  private readonly files: string[];
  private readonly unreadable = new Set<string>();

  /** @param file the config; problems of overrides come after it, in the order of the command line */
  constructor(file: string) {
    this.files = [file];
  }

  /** Fixes the order in which the problems of an override are listed. */
  addSource(file: string): void {
    if (!this.files.includes(file)) this.files.push(file);
  }

  add(
    code: string,
    message: string,
    position: Position,
    more: { help?: string; notes?: readonly string[] } = {},
  ): void {
    // What is wrong with the text itself is reported once, not again for the value that it left behind.
    const place = `${position.file}:${position.line}:${position.column}`;
    if (code === 'yaml') this.unreadable.add(place);
    else if (this.unreadable.has(place)) return;
    this.found.push({ error: configError(code, message, { position, ...more }), order: this.found.length });
  }

  get any(): boolean {
    return this.found.length > 0;
  }

  throwIfAny(): void {
    if (this.found.length === 0) return;
    const rank = (e: MlxError) => this.files.indexOf(e.details.position?.file ?? '');
    const sorted = [...this.found].sort((a, b) => {
      const [p, q] = [a.error.details.position, b.error.details.position];
      return (
        rank(a.error) - rank(b.error) ||
        (p?.line ?? 0) - (q?.line ?? 0) ||
        (p?.column ?? 0) - (q?.column ?? 0) ||
        a.order - b.order
      );
    });
    const told = sorted.slice(0, MOST_TOLD).map(({ error }) => error);
    const more = sorted.length - told.length;
    if (more > 0) told.push(configError('more-problems', `${more} more problems come after these`));
    throw new MlxErrors(told);
  }
}
