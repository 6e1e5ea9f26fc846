import { firstLine } from '../first-line.ts';
import { adapterPossible } from './gpu-device.ts';

/** The part of WebGPU's GPUAdapterInfo that identifies an adapter. */
export interface AdapterInfo {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
  readonly isFallbackAdapter?: boolean;
}

interface Adapter {
  readonly info: AdapterInfo;
}
interface WebGpu {
  requestAdapter(options?: object): Promise<Adapter | null>;
  getPreferredCanvasFormat(): string;
}

/** Rasterisers that call themselves adapters: SwiftShader, Mesa's lavapipe/llvmpipe, Windows' WARP. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|swrast|software|\bwarp\b|basic render/i;

export const isSoftware = (...names: readonly (string | undefined)[]): boolean =>
  names.some((name) => name !== undefined && SOFTWARE.test(name));

/** One name for people: the description, else vendor and device. */
export function adapterName(info: AdapterInfo): string {
  const parts = [info.vendor, info.architecture, info.device].filter((part) => part);
  return info.description?.trim() || parts.join(' ') || 'unnamed adapter';
}

/** What a kind of GPU access has to offer; a `reason` says why nothing. */
export interface Answer {
  readonly device: string;
  readonly hardware: boolean;
  readonly reason?: string;
  readonly help?: string;
}

const DRIVER_HELP = {
  linux: 'install a Vulkan driver: NVIDIA’s own, or the packages libvulkan1 and mesa-vulkan-drivers',
  darwin: 'run it in a session that may use Metal',
  win32: 'install the graphics driver of the GPU’s maker',
} as const;
const driverHelp = (): string =>
  DRIVER_HELP[process.platform as keyof typeof DRIVER_HELP] ?? DRIVER_HELP.linux;

/** Kept for the thread's lifetime: Dawn ends with its last reference, under the feet of a running kernel. */
let wired: Promise<WebGpu> | undefined;

/**
 * Puts the `webgpu` package where gpu.js looks for WebGPU: `navigator.gpu` and the flag constants of its
 * globals. Node 20 has no navigator; later ones have an object to which the property is added.
 */
export function wireWebGpu(): Promise<WebGpu> {
  wired ??= (async () => {
    const { create, globals } = await import('webgpu');
    for (const [name, value] of Object.entries(globals)) {
      if (!(name in globalThis))
        Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    }
    const dawn = create([]) as unknown as WebGpu;
    // gpu.js asks for just any adapter; a laptop's faster one is wanted.
    const gpu: WebGpu = {
      requestAdapter: (options) => dawn.requestAdapter({ powerPreference: 'high-performance', ...options }),
      getPreferredCanvasFormat: () => dawn.getPreferredCanvasFormat(),
    };
    setNavigator('gpu', gpu);
    return gpu;
  })();
  return wired;
}

/** Sets one property of `navigator`, which is made if it doesn't exist (Node 20). */
export function setNavigator(name: string, value: unknown): void {
  const global = globalThis as { navigator?: object };
  if (typeof global.navigator !== 'object' || global.navigator === null)
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true, writable: true });
  Object.defineProperty(global.navigator, name, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}

/** Asks for an adapter. Never throws: what is wrong is the answer's reason. */
export async function askWebGpu(): Promise<Answer> {
  const none = { device: '', hardware: false };
  // Without a driver Dawn writes warnings to stderr by itself: it isn't even loaded then.
  if (!adapterPossible())
    return {
      ...none,
      reason: 'no GPU device (no /dev/dri/renderD*, /dev/nvidia*, /dev/kfd or /dev/dxg)',
      help: 'run it on a machine with a GPU; in a container, pass the GPU’s device files in',
    };
  try {
    const adapter = await (await wireWebGpu()).requestAdapter();
    if (!adapter) return { ...none, reason: 'no adapter answers', help: driverHelp() };
    const { info } = adapter;
    const software =
      info.isFallbackAdapter === true ||
      isSoftware(info.vendor, info.architecture, info.device, info.description);
    return { device: adapterName(info), hardware: !software };
  } catch (error) {
    wired = undefined;
    const reason = `the webgpu package can't be loaded: ${firstLine(error)}`;
    const help = 'it has binaries for linux, macOS and Windows on x64 and arm64 (glibc on linux)';
    return { ...none, reason, help };
  }
}
