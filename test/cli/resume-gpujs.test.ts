import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { config, mlx, readJson, runFolder, scratch } from './mlx.ts';

it('mlx resume goes on with gpujs in the mode that the lock pins, to the same bits', async () => {
  const experiments = scratch();
  const run = (name: string, options = {}) =>
    mlx(
      [
        ...['run', config('mnist-logistic.yaml'), '--json', '--engine', 'gpujs:webasm', '--set', 'expect=[]'],
        ...['--set', 'data.split={train: 400, validation: 0.2, test: 100}', '--set', 'engine.threads=1'],
        ...['--set', 'training={ batch_size: 32, epochs: 40 }', '--set', `name=${name}`],
        ...['--experiments', experiments],
      ],
      options,
    );
  expect((await run('whole')).code).toBe(0);
  let sent = false;
  const stopped = await run('stopped', {
    during: (child: { kill(signal: NodeJS.Signals): boolean }, stdout: () => string) => {
      if (sent || !stdout().includes('{"type":"epoch","epoch":3,')) return;
      sent = true;
      child.kill('SIGINT');
    },
  });
  expect(stopped.code).toBe(130);
  const folder = runFolder(experiments, 'stopped');
  const resumed = await mlx(['resume', folder, '--json', '--experiments', experiments]);
  expect(resumed).toMatchObject({ code: 0, stderr: '' });
  expect(readJson(folder, 'result.json').engine).toMatchObject({ provider: 'webasm', threads: 1 });
  const whole = runFolder(experiments, 'whole');
  for (const file of ['model.onnx', 'predictions.csv'])
    expect(readFileSync(join(folder, file)).equals(readFileSync(join(whole, file))), file).toBe(true);
});
