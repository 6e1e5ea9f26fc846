import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../src/record/index.ts';
import { encode } from '../../src/record/safetensors.ts';
import { mlx, runFolder, scratch } from './mlx.ts';

const home = scratch();
const experiments = join(home, 'experiments');
const config = (hidden: string) => `task: regression
data:
  source: { type: generated, coefficients: [2, -1], count: 80 }
  split: { train: 0.8, test: 0.2 }
architecture:
  - dense: { name: hidden, units: 3, activation: relu${hidden} }
  - dense: { name: top, units: 1 }
optimizer: { type: adam, learning_rate: 0.05 }
training: { batch_size: 16, epochs: 3 }
evaluation: { baselines: none }
engine: { type: onnx }
`;
const write = (name: string, hidden: string) => {
  const file = join(home, `${name}.yaml`);
  writeFileSync(file, config(hidden));
  return file;
};
const run = (name: string, hidden: string) => mlx(['run', write(name, hidden), '--experiments', experiments]);
const stateOf = async (name: string) =>
  (await readCheckpoint(join(runFolder(experiments, name), 'checkpoints/last.safetensors'))).state;

beforeAll(async () => {
  const first = await run('first', '');
  expect(first.code, first.stderr).toBe(0);
  copyFileSync(
    join(runFolder(experiments, 'first'), 'checkpoints/last.safetensors'),
    join(home, 'hidden.safetensors'),
  );
});

describe('weights of a layer', () => {
  it("start from another run's checkpoint, and stay as they are where the layer isn't trainable", async () => {
    const ended = await run('frozen', ', weights: hidden.safetensors, trainable: false');
    expect(ended.code, ended.stderr).toBe(0);
    const [first, frozen] = [await stateOf('first'), await stateOf('frozen')];
    for (const part of ['hidden/kernel', 'hidden/bias']) expect(frozen.get(part)).toEqual(first.get(part));
    expect(frozen.get('top/kernel')).not.toEqual(first.get('top/kernel'));
    expect([...frozen.keys()].some((key) => key.startsWith('optimizer/') && key.includes('hidden'))).toBe(
      false,
    );
    const plan = readFileSync(join(runFolder(experiments, 'frozen'), 'plan.txt'), 'utf8');
    expect(plan).toMatch(/hidden\/kernel +frozen/);
  });

  it('are trained on where it is, and the lock pins them: another file is told by reproduce', async () => {
    const ended = await run('warm', ', weights: hidden.safetensors');
    expect(ended.code, ended.stderr).toBe(0);
    const [first, warm] = [await stateOf('first'), await stateOf('warm')];
    expect(warm.get('hidden/kernel')).not.toEqual(first.get('hidden/kernel'));
    const folder = runFolder(experiments, 'warm');
    const again = await mlx(['reproduce', folder, '--experiments', experiments]);
    expect(again.code, again.stdout + again.stderr).toBe(0);
    const kept = readFileSync(join(home, 'hidden.safetensors'));
    const tensors = new Map([...first].map(([name, values]) => [name, values.map((v) => v + 1)] as const));
    writeFileSync(join(home, 'hidden.safetensors'), Buffer.concat(encode({ tensors, metadata: {} })));
    const changed = await mlx(['reproduce', folder, '--experiments', experiments]);
    writeFileSync(join(home, 'hidden.safetensors'), kept);
    expect(changed.code).not.toBe(0);
    expect(changed.stdout + changed.stderr).toMatch(/initial weights.*another sha256 than in the lock/);
  });

  it('are refused with their place where the file does not fit', async () => {
    const failure = async (name: string, hidden: string) => (await run(name, hidden)).stderr;
    expect(await failure('absent', ', weights: nowhere.safetensors')).toMatch(
      /error\[weights-missing\]: there is no file nowhere.safetensors[\s\S]*absent.yaml:6:\d+/,
    );
    const checked = await mlx(['check', '--data', join(home, 'absent.yaml')]);
    expect(checked.code).toBe(3);
    expect(checked.stderr).toContain('error[weights-missing]');
    writeFileSync(join(home, 'text.safetensors'), 'not a tensor in sight');
    expect(await failure('damaged', ', weights: text.safetensors')).toMatch(
      /error\[weights-damaged\]: text.safetensors is no safetensors file[\s\S]*damaged.yaml:6:\d+/,
    );
    writeFileSync(
      join(home, 'other.safetensors'),
      Buffer.concat(encode({ tensors: new Map([['hidden/kernel', new Float32Array(4)]]), metadata: {} })),
    );
    expect(await failure('shape', ', weights: other.safetensors')).toMatch(
      /error\[weights-shape\]: hidden\/kernel of other.safetensors is \(4\), the network needs \(2, 3\)/,
    );
    writeFileSync(
      join(home, 'named.safetensors'),
      Buffer.concat(encode({ tensors: new Map([['dense/kernel', new Float32Array(6)]]), metadata: {} })),
    );
    expect(await failure('name', ', weights: named.safetensors')).toMatch(
      /error\[weights-name\]: named.safetensors has no tensor hidden\/kernel[\s\S]*help: its tensors are dense\/kernel/,
    );
  });
});
