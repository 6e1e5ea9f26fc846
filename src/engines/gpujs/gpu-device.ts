import { readdirSync } from 'node:fs';

/** Linux's device files of GPUs: any vendor's, NVIDIA's own, AMD's compute, Windows' (under WSL). */
const FILES = /^(?:nvidia\d+|kfd|dxg)$/;
const RENDER = /^renderD\d+$/;
/** A Vulkan driver named by hand, a software one mostly: it needs no device file. */
const DRIVERS = ['VK_ICD_FILENAMES', 'VK_DRIVER_FILES', 'VK_ADD_DRIVER_FILES'];

export interface Machine {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names in a folder; none where it can't be read. */
  list(folder: string): readonly string[];
}

const here: Machine = {
  platform: process.platform,
  env: process.env,
  list: (folder) => {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  },
};

/**
 * Whether a GPU can exist at all, from two folder listings (0.1 ms): no library is loaded, no driver asked.
 * macOS and Windows have no such files; there the answer is yes.
 */
export function gpuDevicePossible(machine: Machine = here): boolean {
  if (machine.platform !== 'linux') return true;
  return (
    machine.list('/dev').some((f) => FILES.test(f)) || machine.list('/dev/dri').some((f) => RENDER.test(f))
  );
}

/** The same for any adapter of WebGPU: a driver that was named by hand may also be one in software. */
export const adapterPossible = (machine: Machine = here): boolean =>
  gpuDevicePossible(machine) || DRIVERS.some((name) => machine.env[name]);
