import { catalog } from '../entry.ts';
import type { CalibrationEntry } from './calibration.ts';
import { temperatureScaling } from './temperature-scaling.ts';

export type * from './calibration.ts';

// biome-ignore lint/suspicious/noExplicitAny: methods differ in their fields
export const calibrations = catalog<CalibrationEntry<any>>(temperatureScaling);
