import { defineConfig } from 'vitest/config';

/** What takes long (every config reproduced, contracts on software WebGPU, simulations) is named `*.slow.test.ts` and run by `npm run test:slow`. */
export const shared = {
  testTimeout: 180_000,
  hookTimeout: 60_000,
  pool: 'forks',
  maxWorkers: 2,
  env: { ORT_DISABLE_TELEMETRY: '1' },
} as const;

export default defineConfig({
  test: { ...shared, include: ['test/**/*.test.{ts,tsx}'], exclude: ['test/**/*.slow.test.ts'] },
});
