import { thousands } from '../base/words.ts';
import type { EngineInfo } from '../protocol/engine-info.ts';
import { escapeText } from './escape.ts';

// Numbers as people read them. No Intl and no locale: the same text on every machine.

/** A loss or metric: four decimals; exponents below 0.001 and from 100,000; `n/a` where undefined. */
export function metric(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return 'n/a';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return exponent(value, 2);
  return value.toFixed(size >= 1000 ? 1 : size >= 100 ? 2 : size >= 10 ? 3 : 4);
}

/** At most six significant digits, without trailing zeros: final weights, learning rates. */
export function short(value: number, digits = 6): string {
  if (!Number.isFinite(value)) return metric(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) return exponent(value, Math.min(digits - 1, 3));
  const rounded = Number(value.toPrecision(digits));
  return Object.is(rounded, -0) ? '0' : String(rounded);
}

/** `6.5e-4`: JavaScript's exponents without the plus sign and trailing zeros. */
function exponent(value: number, decimals: number): string {
  const [mantissa = '', power = ''] = value.toExponential(decimals).split('e');
  const digits = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  return `${digits}e${power.replace('+', '')}`;
}

/** `1,199,882`. */
export const count = (value: number): string => thousands(Math.round(value));

/** `987`, `5.9k`, `1.2M`: for narrow places. */
export function compact(value: number): string {
  const rounded = Math.round(value);
  if (Math.abs(rounded) < 1000) return String(rounded);
  const [scaled, unit] = Math.abs(rounded) < 999_500 ? [value / 1e3, 'k'] : [value / 1e6, 'M'];
  return `${Math.abs(scaled) < 9.95 ? scaled.toFixed(1).replace(/\.0$/, '') : scaled.toFixed(0)}${unit}`;
}

/** `1:12`, `2:03:07`. */
export function clock(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.floor(total / 60);
  const tail = `${two(minutes % 60)}:${two(total % 60)}`.replace(/^0/, '');
  return minutes < 60 ? tail : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(total % 60)}`;
}

/** Time of one epoch: `4.2ms`, `0.42s`, `10.1s`, then like `clock`. */
export const seconds = (value: number): string =>
  value < 0.01
    ? `${(1000 * value).toFixed(1)}ms`
    : value < 1
      ? `${value.toFixed(2)}s`
      : value < 100
        ? `${value.toFixed(1)}s`
        : clock(value);

/**
 * `onnx cpu×2`, `gpujs webgpu (NVIDIA H100)`: what really computes, software that plays a GPU called that.
 */
export function engineLabel({ type, provider, threads, options }: EngineInfo): string {
  const { device, hardware } = options;
  if (provider === '') return escapeText(type);
  if (typeof device !== 'string') return escapeText(`${type} ${provider}×${threads}`);
  const name = device.length > 40 ? `${device.slice(0, 39)}…` : device;
  return escapeText(`${type} ${provider} (${name}${hardware === false ? ', software' : ''})`);
}

/** `7f3a` of `experiments/mnist-cnn/7f3a`, on either kind of path. */
export const runId = (run: string): string => escapeText(run.split(/[\\/]/).filter(Boolean).at(-1) ?? run);

/** `212 MiB`. */
export const mebibytes = (bytes: number): string => `${count(bytes / 2 ** 20)} MiB`;
