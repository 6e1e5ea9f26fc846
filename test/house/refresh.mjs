import { spawnSync } from 'node:child_process';

// npm run house:refresh: writes the tables of test/house/rooms.ts into src/ARCHITECTURE.md.
const { status } = spawnSync('npm', ['exec', '--', 'vitest', 'run', 'test/house/architecture.test.ts'], {
  stdio: 'inherit',
  env: { ...process.env, HOUSE_REFRESH: '1' },
});
process.exitCode = status ?? 1;
