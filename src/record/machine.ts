import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { cpuClass, cpuClassOf, processorFlags, processorInfo } from './cpu-class.ts';

/** What decides bits beyond the code: recorded, never used. */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
  /** `glibc 2.36`, `musl`; null where there's no telling. */
  readonly libc: string | null;
  readonly cpu: {
    readonly model: string | null;
    readonly cores: number;
    readonly flags: string | null;
    /**
     * Which vector instructions it has: `AVX-512`, `AVX2`, `NEON`…; null where there's no telling, absent in
     * older locks.
     */
    readonly class?: string | null;
  };
  readonly locale: string;
  readonly time_zone: string;
}

export async function describeMachine(): Promise<Machine> {
  const { locale, timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const info = processorInfo();
  return {
    platform: process.platform,
    arch: process.arch,
    libc: libc(),
    cpu: {
      model: cpuModel(info),
      cores: cpus().length,
      flags: processorFlags(info),
      class: await cpuClass(info),
    },
    locale,
    time_zone: timeZone,
  };
}

/** As the system calls it; null where it doesn't. */
export const cpuModel = (info = processorInfo()): string | null =>
  cpus()[0]?.model.trim() || info['model name'] || null;

/** A recorded machine's; of older locks, what their flags tell. Null where neither is there. */
export function recordedCpuClass(machine: Partial<Machine> | undefined): string | null {
  const { class: known, flags } = machine?.cpu ?? {};
  if (typeof known === 'string') return known;
  return cpuClassOf(machine?.arch, typeof flags === 'string' ? flags.split(' ') : []);
}

function libc(): string | null {
  if (process.platform !== 'linux') return null;
  return named() ?? reported();
}

/** glibc's own `ldd` is a script that prints its version. */
function named(): string | null {
  try {
    const version = /\bG(?:NU libc|LIBC\b[^)]*)\) (\d+\.\d+)/.exec(readFileSync('/usr/bin/ldd', 'utf8'))?.[1];
    return version ? `glibc ${version}` : null;
  } catch {
    return null;
  }
}

/** Of the running process; takes long, where a process is large. */
function reported(): string | null {
  if (!process.report) return null;
  const report = process.report as typeof process.report & { excludeNetwork?: boolean };
  const before = report.excludeNetwork;
  report.excludeNetwork = true; // it would look up host names
  const { header, sharedObjects } = report.getReport() as {
    header?: { glibcVersionRuntime?: string };
    sharedObjects?: string[];
  };
  report.excludeNetwork = before;
  if (header?.glibcVersionRuntime) return `glibc ${header.glibcVersionRuntime}`;
  return sharedObjects?.some((path) => path.includes('ld-musl')) ? 'musl' : null;
}
