import { loadGpuJs } from '../../src/engines/gpujs/load.ts';
import type { Model } from './models.ts';

type Call = (...args: unknown[]) => Promise<unknown>;

/**
 * One training step of an MLP 784-128-10 (ReLU, softmax cross-entropy, SGD) as one would write it with gpu.js:
 * a kernel for each line of the mathematics, called one after the other; with several threads in gpu.js' `asyncMode`.
 */
export async function mlpStep(
  model: Model,
  threads: number,
): Promise<{ step(): Promise<number>; close(): Promise<void> }> {
  const { GPU, Input } = await loadGpuJs();
  const gpu = new GPU({ mode: 'webasm' });
  const [batch, inputs, hidden, classes] = [128, 784, 128, 10];
  const kernel = (source: string, output: number[]) =>
    gpu.createKernel(
      source as never,
      {
        output,
        asyncMode: threads > 1,
        loopMaxIterations: 1e7,
        precision: 'single',
      } as never,
    ) as unknown as Call;
  const [x, y] = ['this.thread.x', 'this.thread.y'];
  const sum = (count: number, term: string) => `let s=0.0;for(let k=0;k<${count};k++){s+=${term};}`;
  const h = kernel(
    `function(a,w,b){${sum(inputs, `a[${y}][k]*w[k][${x}]`)}return Math.max(s+b[${x}],0.0);}`,
    [hidden, batch],
  );
  const z = kernel(`function(h,w,b){${sum(hidden, `h[${y}][k]*w[k][${x}]`)}return s+b[${x}];}`, [
    classes,
    batch,
  ]);
  const lse = kernel(
    `function(z){let m=z[${x}][0];for(let c=1;c<${classes};c++){m=Math.max(m,z[${x}][c]);}let s=0.0;for(let c=0;c<${classes};c++){s+=Math.exp(z[${x}][c]-m);}return m+Math.log(s);}`,
    [batch],
  );
  const loss = kernel(`function(z,l,t){${sum(batch, 'l[k]-z[k][t[k]]')}return s/${batch};}`, [1]);
  const dz = kernel(
    `function(z,l,t){let o=0.0;if(t[${y}]===${x}){o=1.0;}return (Math.exp(z[${y}][${x}]-l[${y}])-o)/${batch};}`,
    [classes, batch],
  );
  const dw2 = kernel(`function(h,d){${sum(batch, `h[k][${y}]*d[k][${x}]`)}return s;}`, [classes, hidden]);
  const db2 = kernel(`function(d){${sum(batch, `d[k][${x}]`)}return s;}`, [classes]);
  const dh = kernel(
    `function(d,w,h){${sum(classes, `d[${y}][k]*w[${x}][k]`)}if(h[${y}][${x}]<=0.0){s=0.0;}return s;}`,
    [hidden, batch],
  );
  const dw1 = kernel(`function(a,d){${sum(batch, `a[k][${y}]*d[k][${x}]`)}return s;}`, [hidden, inputs]);
  const db1 = kernel(`function(d){${sum(batch, `d[k][${x}]`)}return s;}`, [hidden]);
  const place = { 1: `[${x}]`, 2: `[${y}][${x}]` } as const;
  const update = (rank: 1 | 2, output: number[]) =>
    kernel(`function(w,g,r){return w${place[rank]}-r*g${place[rank]};}`, output);
  const updates = [
    update(2, [hidden, inputs]),
    update(1, [hidden]),
    update(2, [classes, hidden]),
    update(1, [classes]),
  ];

  const named = (name: string) => model.state.get(name)!.slice();
  const matrix = (values: Float32Array, width: number): unknown =>
    new Input(values as never, [width, values.length / width] as never);
  let weights: unknown[] = [
    matrix(named('dense_1/kernel'), hidden),
    named('dense_1/bias'),
    matrix(named('dense_2/kernel'), classes),
    named('dense_2/bias'),
  ];
  const { data } = model.inputs(0);
  const target = Float32Array.from(data['y']!);
  return {
    async step() {
      const images = matrix(data['x'] as Float32Array, inputs);
      const [w1, b1, w2, b2] = weights;
      const a = await h(images, w1, b1);
      const logits = await z(a, w2, b2);
      const l = await lse(logits);
      const value = (await loss(logits, l, target)) as Float32Array;
      const d = await dz(logits, l, target);
      const da = await dh(d, w2, a);
      const gradients = [await dw1(images, da), await db1(da), await dw2(a, d), await db2(d)];
      weights = [];
      for (const [i, run] of updates.entries())
        weights.push(await run([w1, b1, w2, b2][i], gradients[i], 0.02));
      return value[0]!;
    },
    close: async () => {
      await gpu.destroy();
    },
  };
}
