import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/**
 * Vector instructions, best first, each with the features that it needs. Libraries of mathematics choose
 * their kernels by them, and another width of the vectors is another order of summation. Names are those of
 * Linux' /proc/cpuinfo.
 */
const CLASSES = new Map<unknown, readonly (readonly [name: string, ...needs: string[]])[]>([
  [
    'x64',
    [
      ['AVX-512', 'avx512f'],
      ['AVX2', 'avx2', 'fma'],
      ['AVX', 'avx'],
      ['SSE2', 'sse2'],
    ],
  ],
  [
    'arm64',
    [
      ['SME', 'sme'],
      ['SVE', 'sve'],
      ['NEON', 'asimd'],
    ],
  ],
]);

/** macOS' names of the same, in the output of `sysctl hw.optional`. */
const SYSCTL = new Map([
  ['avx512f', 'avx512f'],
  ['avx2_0', 'avx2'],
  ['avx1_0', 'avx'],
  ['fma', 'fma'],
  ['sse2', 'sse2'],
  ['neon', 'asimd'],
  ['AdvSIMD', 'asimd'],
  ['FEAT_SME', 'sme'],
]);

/** `AVX2`, `NEON`…; null where the features tell none. @param features names as in /proc/cpuinfo */
export function cpuClassOf(arch: unknown, features: Iterable<string>): string | null {
  const has = new Set(features);
  return CLASSES.get(arch)?.find(([, ...needs]) => needs.every((f) => has.has(f)))?.[0] ?? null;
}

/**
 * This processor's; null where there is no telling without native code, as on Windows. Starts a process on
 * macOS only.
 */
export async function cpuClass(info = processorInfo()): Promise<string | null> {
  if (process.platform !== 'darwin') return cpuClassOf(process.arch, words(info));
  try {
    const { stdout } = await promisify(execFile)('/usr/sbin/sysctl', ['hw.optional'], { timeout: 1000 });
    return cpuClassOf(process.arch, sysctlFeatures(stdout));
  } catch {
    return null;
  }
}

/** `hw.optional.avx2_0: 1` -> `avx2`. */
export const sysctlFeatures = (text: string): string[] =>
  [...text.matchAll(/^hw\.optional\.(?:arm\.)?(\w+): 1$/gm)].flatMap(([, name]) => SYSCTL.get(name!) ?? []);

/** Features as they stand in /proc/cpuinfo, in one order; null where there is no such file. */
export const processorFlags = (info: Readonly<Record<string, string>>): string | null =>
  (info['flags'] ?? info['Features'])?.split(/\s+/).sort().join(' ') ?? null;

const words = (info: Readonly<Record<string, string>>): string[] => processorFlags(info)?.split(' ') ?? [];

/** The first processor's lines of /proc/cpuinfo; empty elsewhere. */
export function processorInfo(): Record<string, string> {
  try {
    const [first] = readFileSync('/proc/cpuinfo', 'utf8').split('\n\n');
    return Object.fromEntries(
      first!.split('\n').map((line) => {
        const [key, ...value] = line.split(':');
        return [key!.trim(), value.join(':').trim()];
      }),
    );
  } catch {
    return {};
  }
}
