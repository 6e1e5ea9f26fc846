import type { GpujsMode } from '../../../protocol/engine-names.ts';

/** What gpu.js can take and what is fast differs from mode to mode. */
export interface Dialect {
  readonly mode: GpujsMode;
  /** Four results a thread (`Array(4)`), as the last kernel of a pipeline: twice as fast on webasm. */
  readonly quads: boolean;
  /** Whether a matrix product reads its right factor best by rows. */
  readonly turn: boolean;
  /** Most statements in the body of an unrolled loop: compile time explodes on GPUs. */
  readonly unroll: number;
  /** Most arrays that a kernel may read. */
  readonly reads: number;
  /** A loop counter or local as an integer, so that adding a literal stays an integer addition. */
  readonly integer: (text: string) => string;
}

const truncated = (text: string) => `(${text}|0)`;
const plain = (text: string) => text;

export const dialects: Readonly<Record<Dialect['mode'], Dialect>> = {
  webasm: { mode: 'webasm', quads: true, turn: true, unroll: 72, reads: 24, integer: truncated },
  // WebGPU promises 8 storage buffers a kernel; one is the result.
  webgpu: { mode: 'webgpu', quads: false, turn: false, unroll: 8, reads: 7, integer: truncated },
  // Reading arrays inside an index that has `|0` in it is misread by gpu.js' GLSL.
  headlessgl: { mode: 'headlessgl', quads: false, turn: false, unroll: 8, reads: 7, integer: plain },
  cpu: { mode: 'cpu', quads: false, turn: false, unroll: 16, reads: 24, integer: truncated },
};
