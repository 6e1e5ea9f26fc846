import { availableParallelism } from 'node:os';
import type { GPU } from 'gpu.js';
import { engineError } from '../../errors.ts';
import { GPUJS_MODES, type GpujsMode } from '../../protocol/engine-names.ts';
import { askWebGpu, setNavigator } from './adapter.ts';
import { askHeadlessGl } from './headless-gl.ts';
import { type GpuJs, loadGpuJs } from './load.ts';

export interface ModeReport {
  readonly mode: GpujsMode;
  readonly available: boolean;
  /** A real GPU; false for software that plays one, and for webasm and cpu. */
  readonly hardware: boolean;
  /** Adapter or renderer, or how many threads; empty where the mode is missing. */
  readonly device: string;
  /** Why it is missing. */
  readonly reason?: string;
  /** How to get it. */
  readonly help?: string;
}

export interface OpenOptions {
  /** Threads of webasm; all that the machine offers by default. */
  readonly threads?: number;
}

export interface OpenGpu {
  readonly gpu: GPU;
  readonly gpujs: GpuJs;
  readonly mode: GpujsMode;
  readonly device: string;
  readonly hardware: boolean;
}

/**
 * Reports one mode; never throws for a missing one. Only webgpu and headlessgl load libraries and ask
 * drivers.
 */
export async function surveyMode(mode: GpujsMode, options: OpenOptions = {}): Promise<ModeReport> {
  if (mode === 'webgpu' || mode === 'headlessgl') {
    const answer = await (mode === 'webgpu' ? askWebGpu() : askHeadlessGl());
    return { mode, available: answer.reason === undefined, ...answer };
  }
  const cpu = { mode, available: true, hardware: false };
  if (mode === 'cpu') return { ...cpu, device: 'JavaScript, 1 thread' };
  if ('WebAssembly' in globalThis) return { ...cpu, device: threadsText(threadsOf(options)) };
  const reason = 'this Node runs without WebAssembly';
  return { ...cpu, available: false, device: '', reason, help: 'start node without --jitless' };
}

/** Every mode, best first. */
export async function surveyModes(options: OpenOptions = {}): Promise<ModeReport[]> {
  const reports: ModeReport[] = [];
  for (const mode of GPUJS_MODES) reports.push(await surveyMode(mode, options));
  return reports;
}

const threadsOf = ({ threads }: OpenOptions): number => threads ?? availableParallelism();
const threadsText = (threads: number) => (threads === 1 ? '1 thread' : `${threads} threads`);

/**
 * gpu.js in the mode that was asked for, else in the best that hardware offers: webgpu, headlessgl, webasm.
 * Software that plays a GPU is only taken when its mode is forced, cpu too.
 * @throws MlxError `mode-unavailable` (exit code 4) with the reason and what to do
 */
export async function openGpu(
  mode?: GpujsMode,
  options: OpenOptions = {},
  survey: (mode: GpujsMode, options: OpenOptions) => Promise<ModeReport> = surveyMode,
): Promise<OpenGpu> {
  const report = mode ? await survey(mode, options) : await bestMode(options, survey);
  if (!report.available) throw unavailable(report);
  const gpujs = await loadGpuJs();
  // The only way to tell gpu.js how many threads webasm may use.
  if (report.mode === 'webasm') setNavigator('hardwareConcurrency', threadsOf(options));
  const gpu = new gpujs.GPU({ mode: report.mode });
  return { gpu, gpujs, mode: report.mode, device: report.device, hardware: report.hardware };
}

async function bestMode(
  options: OpenOptions,
  survey: (mode: GpujsMode, options: OpenOptions) => Promise<ModeReport>,
): Promise<ModeReport> {
  for (const mode of ['webgpu', 'headlessgl'] as const) {
    const report = await survey(mode, options);
    if (report.available && report.hardware) return report;
  }
  return survey('webasm', options);
}

const unavailable = ({ mode, reason, help }: ModeReport) =>
  engineError('mode-unavailable', `gpu.js can't run in mode ${mode}: ${reason}`, {
    help: help ?? 'choose another mode, or `engine: onnx`',
  });
