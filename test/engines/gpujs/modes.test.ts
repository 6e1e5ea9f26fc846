import { describe, expect, it } from 'vitest';
import {
  type AdapterInfo,
  adapterName,
  isSoftware,
  setNavigator,
} from '../../../src/engines/gpujs/adapter.ts';
import { adapterPossible, gpuDevicePossible, type Machine } from '../../../src/engines/gpujs/gpu-device.ts';
import { type ModeReport, openGpu, surveyModes } from '../../../src/engines/gpujs/modes.ts';
import { GPUJS_MODES, type GpujsMode } from '../../../src/protocol/engine-names.ts';

/** A survey of a made-up machine: modes that aren't named are missing. */
const machine =
  (have: Partial<Record<GpujsMode, Partial<ModeReport>>>) =>
  async (mode: GpujsMode): Promise<ModeReport> => ({
    mode,
    hardware: false,
    device: 'made up',
    ...(have[mode]
      ? { available: true, ...have[mode] }
      : { available: false, reason: 'not here', help: 'buy one' }),
  });

describe('the ladder of modes', () => {
  it('takes the first that hardware offers', async () => {
    const gpu = { hardware: true };
    // headlessgl itself isn't here, so gpu.js refuses it: the ladder got there.
    await expect(openGpu(undefined, {}, machine({ headlessgl: gpu, webasm: {} }))).rejects.toThrow(
      /headlessgl/,
    );
    const opened = await openGpu(undefined, {}, machine({ webgpu: {}, headlessgl: {}, webasm: {}, cpu: {} }));
    expect(opened).toMatchObject({ mode: 'webasm', hardware: false });
    opened.gpu.destroy();
  });

  it('never ends on cpu by itself', async () => {
    await expect(openGpu(undefined, {}, machine({ cpu: {} }))).rejects.toMatchObject({
      code: 'mode-unavailable',
      exit: 4,
      message: "gpu.js can't run in mode webasm: not here",
      details: { help: 'buy one' },
    });
  });

  it('opens a forced mode or says what is missing', async () => {
    const opened = await openGpu('cpu');
    expect(opened).toMatchObject({ mode: 'cpu', hardware: false, device: 'JavaScript, 1 thread' });
    opened.gpu.destroy();
    await expect(openGpu('webgpu', {}, machine({ cpu: {} }))).rejects.toThrow(
      "can't run in mode webgpu: not here",
    );
  });

  it('reports every mode of this machine, missing ones with reason and help', async () => {
    const reports = await surveyModes({ threads: 3 });
    expect(reports.map((r) => r.mode)).toEqual([...GPUJS_MODES]);
    for (const { available, device, reason, help } of reports) {
      expect(device !== '').toBe(available);
      expect(reason === undefined).toBe(available);
      expect(help === undefined).toBe(available);
    }
    expect(reports[2]).toEqual({ mode: 'webasm', available: true, hardware: false, device: '3 threads' });
  });
});

describe('hardware and software', () => {
  it.each<[AdapterInfo, boolean]>([
    [{ vendor: 'google', architecture: 'swiftshader', description: 'SwiftShader driver 5.0.0' }, true],
    [{ vendor: 'mesa', description: 'llvmpipe (LLVM 15.0.6, 256 bits)' }, true],
    [{ vendor: 'microsoft', description: 'Microsoft Basic Render Driver' }, true],
    [{ vendor: 'nvidia', architecture: 'hopper', description: 'NVIDIA H100: 550.54' }, false],
    [{ vendor: 'apple', architecture: 'metal-3' }, false],
  ])('%j is software: %s', (info, software) => {
    expect(isSoftware(info.vendor, info.architecture, info.description)).toBe(software);
  });

  it('names an adapter by what it tells', () => {
    expect(adapterName({ vendor: 'nvidia', description: 'NVIDIA H100' })).toBe('NVIDIA H100');
    expect(adapterName({ vendor: 'apple', architecture: 'metal-3' })).toBe('apple metal-3');
    expect(adapterName({})).toBe('unnamed adapter');
  });
});

describe('a look for GPU devices', () => {
  const linux = (folders: Record<string, string[]>, env: Machine['env'] = {}): Machine => ({
    platform: 'linux',
    env,
    list: (folder) => folders[folder] ?? [],
  });
  it('finds render nodes and vendors’ files, not displays alone', () => {
    expect(gpuDevicePossible(linux({ '/dev': ['null', 'nvidia0'] }))).toBe(true);
    expect(gpuDevicePossible(linux({ '/dev/dri': ['card0', 'renderD128'] }))).toBe(true);
    expect(gpuDevicePossible(linux({ '/dev': ['dxg'] }))).toBe(true);
    expect(gpuDevicePossible(linux({ '/dev': ['nvidiactl', 'null'], '/dev/dri': ['card0'] }))).toBe(false);
    expect(gpuDevicePossible({ ...linux({}), platform: 'darwin' })).toBe(true);
  });
  it('lets a Vulkan driver be named by hand, which makes no hardware', () => {
    const named = linux({}, { VK_ICD_FILENAMES: '/x.json' });
    expect([adapterPossible(named), gpuDevicePossible(named)]).toEqual([true, false]);
    expect(adapterPossible(linux({}))).toBe(false);
  });
});

describe('navigator', () => {
  const global = globalThis as { navigator?: object };
  it('is made, or gets the property, also where it is getter-only (later Nodes)', () => {
    const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
    const made = { language: 'en' };
    Object.defineProperty(globalThis, 'navigator', { get: () => made, configurable: true });
    setNavigator('gpu', 1);
    setNavigator('gpu', 2);
    expect(global.navigator).toEqual({ language: 'en', gpu: 2 });
    Reflect.deleteProperty(globalThis, 'navigator');
    setNavigator('gpu', 3);
    expect(global.navigator).toEqual({ gpu: 3 });
    Reflect.deleteProperty(globalThis, 'navigator');
    if (before) Object.defineProperty(globalThis, 'navigator', before);
  });
});
