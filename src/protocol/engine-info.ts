/** What really runs, reported on screen, in the lock and in the events. */
export interface EngineInfo {
  /** An `EngineName`, or that of an engine of another version. */
  readonly type: string;
  readonly provider: string; // cpu | webgpu | webasm | ...
  readonly threads: number;
  readonly version: string;
  /**
   * Lowering choices that decide bits, pinned in the lock. An engine that doesn't compute on the CPU names
   * its `device` here, and says by `hardware` whether that is a real one.
   */
  readonly options: Readonly<Record<string, string | number | boolean>>;
}
