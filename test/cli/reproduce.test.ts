import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { mlx, readJson, runFolder, scratch } from './mlx.ts';

const home = scratch();
const experiments = join(home, 'experiments');
const images = join(home, 'images.idx');
const checksums = ['version', 'machine', 'seed', 'config', 'data', 'plan', 'initial weights', 'steps'];
let reference = '';

/** 60 images of 4x4 pixels in two classes, in the MNIST file format. */
function writeData(): void {
  const header = (...numbers: number[]) => {
    const bytes = Buffer.alloc(4 * numbers.length);
    numbers.forEach((n, i) => {
      bytes.writeUInt32BE(n, 4 * i);
    });
    return bytes;
  };
  const pixels = Buffer.from(Array.from({ length: 60 * 16 }, (_, i) => (i * 37 + (i >> 4) * 11) % 256));
  writeFileSync(images, Buffer.concat([header(0x803, 60, 4, 4), pixels]));
  const labels = Buffer.from(Array.from({ length: 60 }, (_, i) => i % 2));
  writeFileSync(join(home, 'labels.idx'), Buffer.concat([header(0x801, 60), labels]));
}

beforeAll(async () => {
  writeData();
  const config = join(home, 'tiny.yaml');
  writeFileSync(
    config,
    `name: tiny
data:
  source: { type: idx, images: images.idx, labels: labels.idx }
  split: { train: 0.5, test: 0.5 }
  features: [normalize: pixel]
architecture: [flatten, { dense: { units: 4, activation: relu } }, { dense: { units: 2 } }]
optimizer: { type: adam, learning_rate: 0.01 }
training: { batch_size: 5, epochs: 3 }
`,
  );
  const { code, stderr } = await mlx(['run', config, '--experiments', experiments]);
  expect(code, stderr).toBe(0);
  reference = runFolder(experiments, 'tiny');
});

const reproduce = async (folder: string, ...more: string[]) => {
  const { code, stdout, stderr } = await mlx([
    'reproduce',
    folder,
    '--json',
    '--experiments',
    experiments,
    ...more,
  ]);
  expect(stderr).not.toMatch(/\n\s+at /);
  return { code, stderr, ...(stdout && JSON.parse(stdout)) };
};
/** A copy at the same depth, so that relative paths stay right. */
function copy(name: string): string {
  const folder = join(experiments, 'tiny', name);
  mkdirSync(folder);
  cpSync(reference, folder, { recursive: true });
  return folder;
}
const edit = (folder: string, file: string, from: string | RegExp, to: string) => {
  const text = readFileSync(join(folder, file), 'utf8');
  expect(text).toMatch(from);
  writeFileSync(join(folder, file), text.replace(from, to));
};

describe('mlx reproduce', () => {
  it('finds a run of this machine again, bit for bit, and leaves it alone', async () => {
    const before = readFileSync(join(reference, 'events.ndjson'));
    const r = await reproduce(reference);
    expect(r).toMatchObject({ code: 0, verdict: 'identical', first: null, same_environment: true });
    expect(r.checks.map((c: { name: string }) => c.name)).toEqual([
      ...checksums,
      ...['epochs', 'metrics', 'baselines', 'predictions', 'final weights'],
    ]);
    for (const check of r.checks) expect(check.outcome, check.name).toBe('identical');
    expect(readFileSync(join(reference, 'events.ndjson'))).toEqual(before);
  });

  it('takes the first steps only with --quick', async () => {
    const r = await reproduce(reference, '--quick');
    expect(r).toMatchObject({ code: 0, verdict: 'identical', quick: 18 });
    expect(r.checks.map((c: { name: string }) => c.name)).toEqual(checksums);
  });

  it('names one pixel', async () => {
    const whole = readFileSync(images);
    const bytes = Buffer.from(whole);
    bytes[100]! ^= 1;
    writeFileSync(images, bytes);
    const r = await reproduce(reference);
    writeFileSync(images, whole);
    expect(r).toMatchObject({ code: 11, verdict: 'different', first: { what: 'data' } });
    expect(r.first.text).toMatch(/^images\.idx: sha256 .* → /);
  });

  it('names one seed', async () => {
    const folder = copy('seed');
    edit(folder, 'config.resolved.yaml', /^seed: 42$/m, 'seed: 43');
    const r = await reproduce(folder);
    expect(r).toMatchObject({ code: 11, verdict: 'different', first: { what: 'seed', text: '42 → 43' } });
  });

  it('names one learning rate', async () => {
    const folder = copy('rate');
    edit(folder, 'config.resolved.yaml', 'learning_rate: 0.01', 'learning_rate: 0.02');
    const r = await reproduce(folder);
    expect(r).toMatchObject({ code: 11, verdict: 'different', first: { what: 'config' } });
    expect(r.first.text).toContain('optimizer.learning_rate = 0.01 → optimizer.learning_rate = 0.02');
  });

  it('names one version, which by itself changes nothing', async () => {
    const folder = copy('version');
    edit(folder, 'lock.json', /"node": "[^"]+"/, '"node": "18.0.0"');
    const r = await reproduce(folder);
    expect(r).toMatchObject({
      code: 0,
      verdict: 'identical',
      same_environment: false,
      first: { what: 'version' },
    });
    expect(r.first.text).toBe(`node 18.0.0 → ${process.versions.node}`);
  });

  it('names the step, and the initial weights', async () => {
    const folder = copy('step');
    const loss = /("step":7,.*?"loss":)[\d.]+/.exec(readFileSync(join(folder, 'events.ndjson'), 'utf8'));
    expect(loss).not.toBeNull();
    edit(folder, 'events.ndjson', loss![0], `${loss![1]}0.5`);
    const r = await reproduce(folder);
    expect(r).toMatchObject({ code: 11, verdict: 'different', first: { what: 'steps' } });
    expect(r.first.text).toMatch(/^step 7: loss 0\.5 → /);
    const other = copy('weights');
    const { initial } = readJson(other, 'lock.json');
    edit(other, 'lock.json', initial.sha256, initial.sha256.replace(/./g, '0'));
    expect(await reproduce(other)).toMatchObject({ code: 11, first: { what: 'initial weights' } });
  });

  it('tells rounding from a difference, and who is to blame for one', async () => {
    const folder = copy('rounding');
    const event = /("step":7,.*?"loss":)([\d.]+)/.exec(readFileSync(join(folder, 'events.ndjson'), 'utf8'))!;
    edit(folder, 'events.ndjson', event[0], `${event[1]}${Number(event[2]) + 1e-5}`);
    // The same environment owes the same bits, unless the user says otherwise.
    expect(await reproduce(folder)).toMatchObject({ code: 11, verdict: 'different' });
    const tolerant = await reproduce(folder, '--tolerance', '1e-4');
    expect(tolerant).toMatchObject({ code: 10, verdict: 'within tolerance', first: { what: 'steps' } });
    expect(await reproduce(folder, '--tolerance', '1e-7')).toMatchObject({ code: 11 });
    edit(folder, 'lock.json', /"model": .*/, '"model": "another",');
    edit(folder, 'lock.json', /"class": .*/, '"class": "MMX"');
    const elsewhere = await reproduce(folder);
    expect(elsewhere).toMatchObject({
      code: 10,
      verdict: 'within tolerance',
      same_environment: false,
      first: { what: 'machine' },
    });
    expect(elsewhere.first.text).toMatch(/^CPU class MMX → /);
    edit(folder, 'events.ndjson', /("step":9,.*?"loss":)[\d.]+/, '$19');
    expect(await reproduce(folder)).toMatchObject({ code: 12, verdict: 'environment mismatch' });
  });

  it('says what is missing where the data are', async () => {
    const folder = copy('nodata');
    edit(folder, 'lock.json', /"file": "[^"]+"/, '"file": "config.yaml"');
    const { code, stderr } = await reproduce(folder);
    expect(code).toBe(3);
    expect(stderr).toContain('images.idx');
  });

  it('refuses a folder without a lock, and odd tolerances', async () => {
    const folder = copy('nolock');
    rmSync(join(folder, 'lock.json'));
    expect(await reproduce(folder)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('lock.json is missing'),
    });
    for (const tolerance of ['x', '', '-1', 'Infinity'])
      expect(await reproduce(reference, `--tolerance=${tolerance}`), tolerance).toMatchObject({ code: 2 });
  });

  it('writes JUnit and Markdown', async () => {
    const folder = copy('reports');
    edit(folder, 'config.resolved.yaml', /^seed: 42$/m, 'seed: 43');
    const told = async (form: string) =>
      (await mlx(['reproduce', folder, form, '--experiments', experiments])).stdout;
    const junit = await told('--junit');
    expect(junit).toContain(
      '<testcase classname="mlx.reproduce" name="seed"><failure message="42 → 43"/></testcase>',
    );
    // The seed changes all that follows from it: config, split, plan and the weights' draw.
    expect(junit).toMatch(/tests="7" failures="5"/);
    const markdown = await told('--markdown');
    expect(markdown).toMatch(/^<!-- mlx-reproduce -->\n### mlx reproduce: different\n/);
  });
});
