import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { taskOf } from '../../src/catalog/tasks/index.ts';
import { initialState } from '../../src/compile/index.ts';
import { loadConfig } from '../../src/config/index.ts';
import { exhibitsOf } from '../../src/pipeline/exhibits/index.ts';
import { prepareExperiment } from '../../src/pipeline/prepare.ts';
import { stages } from '../../src/pipeline/stages.ts';
import { exhibitOf } from '../../src/protocol/exhibits.ts';
import { predictionsOf } from '../predictions-of.ts';

const home = mkdtempSync(join(tmpdir(), 'mlx-maps-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const SIDE = 9;
const COUNT = 40;
const idx = (magic: number, sizes: readonly number[], bytes: readonly number[]) => {
  const head = Buffer.alloc(4 + 4 * sizes.length);
  head.writeUInt32BE(magic, 0);
  sizes.forEach((n, i) => void head.writeUInt32BE(n, 4 + 4 * i));
  return Buffer.concat([head, Buffer.from(bytes)]);
};
writeFileSync(
  join(home, 'x.idx'),
  idx(
    0x803,
    [COUNT, SIDE, SIDE],
    Array.from({ length: COUNT * SIDE * SIDE }, (_, i) => (i * 37 + (i >> 5) * 11) % 256),
  ),
);
writeFileSync(
  join(home, 'y.idx'),
  idx(
    0x801,
    [COUNT],
    Array.from({ length: COUNT }, (_, i) => i % 2),
  ),
);

/** What a report shows of a network that has only its first weights; every example is scored alike. */
async function exhibits(layers: string) {
  const file = join(home, 'maps.yaml');
  writeFileSync(
    file,
    `data:
  source: { type: idx, images: x.idx, labels: y.idx }
  split: { train: 0.5, test: 0.5 }
  features: [normalize: pixel]
  audit: { duplicates: off, near_duplicates: off }
architecture: [${layers}, flatten, { dense: { units: 2 } }]
`,
  );
  const { config, ...loaded } = loadConfig(file, { set: [] });
  const { data, plan } = await prepareExperiment(
    { config, ...loaded },
    stages(() => {}),
    false,
  );
  const state = initialState(plan);
  const { count } = data.test;
  const truth = new Int32Array(count);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  data.test.fill('y', truth, order, 0, count);
  const scores = new Float32Array(2 * count).fill(0.5);
  const predictions = predictionsOf({
    task: 'classification',
    scores,
    units: 2,
    truth,
    classes: ['0', '1'],
    decision: { kind: 'argmax' },
  });
  const losses = Float32Array.from({ length: count }, (_, i) => count - i);
  const found = exhibitsOf(config, plan, data, state, {
    part: 'test',
    task: taskOf(config.task),
    predictions,
    losses,
  });
  data.close();
  return { found, state, plan };
}

/** relu(x * w + b) by the definition, 3 x 3 without padding. */
function convolve(x: readonly number[], side: number, inputs: number, w: Float32Array, b: Float32Array) {
  const out = side - 2;
  const y: number[] = [];
  for (let r = 0; r < out; r++)
    for (let c = 0; c < out; c++)
      for (let o = 0; o < b.length; o++) {
        let sum = b[o]!;
        for (let k = 0; k < 9; k++)
          for (let i = 0; i < inputs; i++)
            sum +=
              x[((r + Math.floor(k / 3)) * side + c + (k % 3)) * inputs + i]! *
              w[(k * inputs + i) * b.length + o]!;
        y.push(Math.max(0, sum));
      }
  return y;
}

const conv = (filters: number) => `{ conv2d: { filters: ${filters}, kernel_size: 3, activation: relu } }`;

describe('feature maps', () => {
  it('are those of each convolution, the deeper ones fewer', async () => {
    const { found, state, plan } = await exhibits(
      `${conv(3)}, { dropout: { rate: 0.5 } }, ${conv(20)}, ${conv(2)}`,
    );
    const maps = exhibitOf(found, 'maps')!;
    const { deeper } = maps;
    const [one, , two, three] = plan.layers;
    expect([maps.layer, ...deeper.map(({ layer }) => layer)]).toEqual([one!.name, two!.name, three!.name]);
    expect(deeper.map(({ height, width, count }) => [height, width, count])).toEqual([
      [5, 5, 20],
      [3, 3, 2],
    ]);
    expect(deeper.map(({ examples }) => examples.length)).toEqual([3, 3]);
    const weights = (layer: string, part: string) => state.get(`${layer}/${part}`)!;
    maps.examples.forEach(({ example }, e) => {
      const pixels = [...Buffer.from(example.pixels!, 'base64')].map((v) => Math.fround(v / 255));
      const first = convolve(pixels, 9, 1, weights(one!.name, 'kernel'), weights(one!.name, 'bias'));
      const second = convolve(first, 7, 3, weights(two!.name, 'kernel'), weights(two!.name, 'bias'));
      const { maps: bytes, low, high } = deeper[0]!.examples[e]!;
      expect(high).toBeCloseTo(Math.max(...second), 5);
      expect(low).toBe(0);
      const drawn = Buffer.from(bytes, 'base64');
      expect(drawn).toHaveLength(16 * 25);
      for (let f = 0; f < 16; f++)
        for (let i = 0; i < 25; i++)
          expect(Math.abs(drawn[f * 25 + i]! - (255 * second[i * 20 + f]!) / high)).toBeLessThan(0.51);
    });
  });

  it('are left out where they would take too long for the run', async () => {
    const { found } = await exhibits(`${conv(64)}, ${conv(256)}, ${conv(4)}`);
    expect(exhibitOf(found, 'maps')).toMatchObject({ count: 64, deeper: [] });
  });
});
