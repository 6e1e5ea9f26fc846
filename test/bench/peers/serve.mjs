import { createInterface } from 'node:readline';

/**
 * Answers lines `run <network> <milliseconds>` with JSON: the median milliseconds of a step, the batch, and what the first
 * step took, the model's creation and compilation included (with 0 milliseconds that alone is done); or `{ refused }` with the reason. The first line is a title.
 * @param open (network) => { batch, step(): Promise<loss>, note? } | undefined
 */
export async function serve(title, open) {
  const known = new Map();
  process.stdout.write(`${title}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const [, name, budget] = line.split(' ');
    let answer;
    try {
      answer = await run(known, name, Number(budget), open);
    } catch (error) {
      answer = { refused: String(error?.message ?? error).split('\n')[0] };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  process.exit(0); // some peers leave threads behind
}

async function run(known, name, budget, open) {
  if (!known.has(name)) {
    const began = performance.now();
    const model = await open(name);
    if (!model) throw new Error('not written for it');
    const loss = await model.step();
    const first = performance.now() - began;
    if (!Number.isFinite(loss)) throw new Error(`its loss is ${loss}`);
    known.set(name, { ...model, first });
  }
  const { step, batch, first, note } = known.get(name);
  const times = [];
  const end = performance.now() + budget;
  let loss;
  if (budget === 0) return { ms: first, steps: 1, batch, first, note };
  // The first two warm up, unless one alone takes the whole budget.
  for (let i = first > budget ? 2 : 0; times.length === 0 || performance.now() < end; i++) {
    const start = performance.now();
    loss = await step();
    if (i >= 2) times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { ms: times[times.length >> 1], steps: times.length, batch, first, loss, note };
}
