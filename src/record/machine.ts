import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** What decides bits beyond the code: recorded, never used. */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
  /** `glibc 2.36`, `musl`; null where there's no telling. */
  readonly libc: string | null;
  readonly cpu: { readonly model: string | null; readonly cores: number; readonly flags: string | null };
  readonly locale: string;
  readonly time_zone: string;
}

export function describeMachine(): Machine {
  const { locale, timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const cores = cpus();
  const info = processorInfo();
  return {
    platform: process.platform,
    arch: process.arch,
    libc: libc(),
    cpu: {
      model: cores[0]?.model.trim() || info['model name'] || null,
      cores: cores.length,
      flags: (info['flags'] ?? info['Features'])?.split(/\s+/).sort().join(' ') ?? null,
    },
    locale,
    time_zone: timeZone,
  };
}

/** The first processor's lines of /proc/cpuinfo; empty elsewhere. */
function processorInfo(): Record<string, string> {
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

function libc(): string | null {
  if (process.platform !== 'linux') return null;
  return named() ?? reported();
}

/** glibc's own `ldd` is a script that tells its version. */
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
