import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PLACES } from '../../src/catalog/sources/fashion-files.ts';
import { config, lines, mlx, root, runFolder, scratch } from './mlx.ts';

const QUICK = 20;
/** Data that have to be fetched first. */
const missing: Readonly<Record<string, string | undefined>> = {
  'fashion-cnn.yaml': existsSync(PLACES.system) ? undefined : 'dataset-fashion-mnist is not installed',
};

/** Every config as it is, stopped by SIGINT once it has taken the steps that `--quick` takes. */
for (const file of readdirSync(join(root, 'configs')).filter((name) => name.endsWith('.yaml'))) {
  const reason = missing[file];
  if (reason) console.warn(`skipped, ${file}: ${reason}`);
  it.skipIf(reason)(`the first steps of ${file} are repeated bit for bit`, async () => {
    const experiments = scratch();
    let stopped = false;
    const { code, stderr } = await mlx(['run', config(file), '--json', '--experiments', experiments], {
      during: (child, stdout) => {
        if (stopped || !stdout().includes(`"step":${QUICK},`)) return;
        stopped = true;
        child.kill('SIGINT');
      },
    });
    expect([0, 1, 130], stderr).toContain(code);
    const run = runFolder(experiments, file.replace('.yaml', ''));
    const again = await mlx(['reproduce', run, '--quick', '--json', '--experiments', experiments]);
    expect(again.code, again.stderr).toBe(0);
    const [r] = lines(again.stdout);
    expect(r).toMatchObject({ verdict: 'identical', first: null, same_environment: true });
    expect(r.checks.map((c: { outcome: string }) => c.outcome)).toEqual(r.checks.map(() => 'identical'));
  });
}
