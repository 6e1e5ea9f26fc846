import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sources } from '../../../src/catalog/sources/index.ts';
import { context, failure, folder } from '../../readers/helpers.ts';

const mnist = sources.get('mnist')!;

describe('mnist', () => {
  it('holds the 10,000 digits of the package', async () => {
    const raw = await mnist.read({}, context());
    expect(raw).toMatchObject(mnist.describe({}, context())!);
    expect(raw.x.length).toBe(10_000 * 784);
    const counts = new Array(10).fill(0);
    for (const label of raw.y) counts[label]++;
    expect(counts).toEqual([1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]);
    // MNIST's well-known mean, 0.1307 over the 60,000.
    expect((raw.x as Uint8Array).reduce((a, b) => a + b, 0) / raw.x.length / 255).toBeCloseTo(0.131, 3);
    const distinct = new Set(
      Array.from({ length: 10_000 }, (_, i) =>
        Buffer.from(raw.x.slice(i * 784, i * 784 + 784)).toString('latin1'),
      ),
    );
    expect(distinct.size).toBe(10_000);
  });

  it('is mixed: the first 100 examples hold all digits', async () => {
    const { y } = await mnist.read({}, context());
    expect(new Set(y.subarray(0, 100)).size).toBe(10);
  });

  it('the set is the package’s: digests of the sorted images', async () => {
    const { x, y } = await mnist.read({}, context());
    const lines = Array.from(
      { length: 10_000 },
      (_, i) => `${y[i]}:${Buffer.from(x.slice(i * 784, i * 784 + 784)).toString('hex')}`,
    );
    expect(createHash('sha256').update(lines.sort().join('\n')).digest('hex')).toBe(
      '05efd3516748c3d17f69eaeb46a30cd627f2d42218445e569874d2b49b64a945',
    );
  });

  it('describes itself without its files', () => {
    expect(mnist.describe({}, context({ root: '/nonexistent' }))).toEqual({
      shape: [28, 28, 1],
      target: { kind: 'class', classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] },
      count: 10_000,
    });
  });

  it('a broken installation is a data error', async () => {
    expect((await failure(() => mnist.read({}, context({ root: folder() })))).code).toBe('data-missing');
  });
});
