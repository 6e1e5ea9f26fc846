/**
 * A problem between valid fields, found while meaning is given to them (a kernel larger than its
 * input). The caller that knows the config path turns it into a positioned MlxError.
 */
export class Misfit extends Error {
  override readonly name = 'Misfit';
  readonly code: string;
  readonly help?: string;
  /** Field inside the entry that is at fault, e.g. `kernel_size`; the entry itself when absent. */
  readonly field?: string;
  constructor(code: string, message: string, details: { help?: string; field?: string } = {}) {
    super(message);
    this.code = code;
    this.help = details.help;
    this.field = details.field;
  }
}
