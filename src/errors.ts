/** Where in a user's file a problem stands; lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How many characters to underline in the code frame (at least 1). */
  readonly length?: number;
}

/** Documented exit codes, see README. */
export const EXIT = {
  done: 0,
  expectation: 1,
  config: 2,
  data: 3,
  engine: 4,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface ErrorDetails {
  /** Where it stands in a file of the user's. */
  readonly position?: Position;
  /** Path inside the config (`['optimizer', 'learning_rate']`); `config` turns it into a position. */
  readonly path?: readonly (string | number)[];
  /** What to do, as a statement: "rename it to `learning_rate`". */
  readonly help?: string;
  /** Extra lines between the frame and the help, e.g. the chain of shapes. */
  readonly notes?: readonly string[];
  readonly cause?: unknown;
}

/**
 * One problem that a user can act on: a stable code (`unknown-key`, `shape`, `data-missing`), one
 * sentence, a place, and what to do. Anything else that is thrown is a bug of ours.
 */
export class MlxError extends Error {
  override readonly name = 'MlxError';
  readonly code: string;
  readonly exit: ExitCode;
  readonly details: ErrorDetails;

  constructor(code: string, message: string, exit: ExitCode, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.exit = exit;
    this.details = details;
  }
}

/** Several problems of one file, reported together in the order of the file. */
export class MlxErrors extends Error {
  override readonly name = 'MlxErrors';
  readonly errors: readonly MlxError[];

  constructor(errors: readonly MlxError[]) {
    super(errors.map((e) => e.message).join('\n'));
    this.errors = errors;
  }
}

export const configError = (code: string, message: string, details?: ErrorDetails) =>
  new MlxError(code, message, EXIT.config, details);
export const dataError = (code: string, message: string, details?: ErrorDetails) =>
  new MlxError(code, message, EXIT.data, details);
export const engineError = (code: string, message: string, details?: ErrorDetails) =>
  new MlxError(code, message, EXIT.engine, details);

/** A broken promise between two parts of mlx: shown as a bug of ours, with its stack. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`internal: ${message}`);
}
