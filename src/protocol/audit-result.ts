/** What a check found, without its level. */
export interface Found {
  /** One sentence with numbers. */
  readonly message: string;
  /** Examples; why it matters. */
  readonly notes: readonly string[];
  /** What to do. */
  readonly help: string;
  /** Path in the config. */
  readonly path: readonly string[];
  readonly values: Readonly<Record<string, number>>;
  /** Column that it is about. */
  readonly column?: string;
}

/** What a check found, as events, results and reports have it. */
export interface AuditFinding extends Found {
  readonly check: string;
  readonly level: 'warn' | 'fail';
}

/** What a run records: the checks that ran and all that they found. */
export interface AuditResult {
  readonly checks: readonly string[];
  readonly findings: readonly AuditFinding[];
}
