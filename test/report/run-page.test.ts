import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { drawReport } from '../../src/cli/draw-report.ts';
import { config, mlx, readJson, runFolder, scratch } from '../cli/mlx.ts';
import { Browser, hasBrowser } from './browser.ts';

// Whole commands and a browser on a busy machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

/** Counts whoever asks it for anything. */
const asked: string[] = [];
const browser = hasBrowser ? new Browser() : undefined;
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  response.end('document.title = "owned"');
});
let address = '';
let [digits, films, hostile, point] = ['', '', '', ''];

function hostileTable(): string {
  const evil = [
    `<script src="${address}/a.js"></script>`,
    `"><img src=${address}/b.png onerror=alert(1)>`,
    `</style></svg></title><script>document.title='owned'</script>`,
    `'); background: url(${address}/c.png); x: ('`,
    '\u202egnp.exe\u0007\u001b[31m',
    `<link rel=stylesheet href=${address}/d.css><iframe src=${address}/e>`,
  ];
  const quote = (text: unknown) => `"${String(text).replaceAll('"', '""')}"`;
  const head = [evil[0], evil[1], evil[2], evil[3], 'y'].map(quote).join(',');
  const rows = Array.from({ length: 150 }, (_, i) =>
    [(i * 7) % 13, evil[i % 6], ((i * 5) % 11) / 3, evil[(i * 3) % 6], evil[(i % 7 === 0 ? i + 1 : i) % 3]]
      .map(quote)
      .join(','),
  );
  const folder = scratch();
  writeFileSync(join(folder, 'evil.csv'), `${head}\n${rows.join('\n')}\n`);
  writeFileSync(
    join(folder, 'evil.yaml'),
    `# ${evil.slice(0, 4).join(' ')} -->
data:
  source: { type: csv, path: evil.csv }
  target: y
  features: [{ encode: one_hot }, { normalize: standard }]
  audit: { target_copy: off, single_feature: off }
architecture: [{ dense: { units: 3 } }]
training: { epochs: 2 }
`,
  );
  return folder;
}

async function run(cwd: string, file: string, name: string, ...more: string[]): Promise<string> {
  const { code, stderr } = await mlx(['run', file, '--engine', 'onnx', ...more], { cwd });
  expect(stderr).not.toContain('could');
  expect([0, 1]).toContain(code);
  return runFolder(join(cwd, 'experiments'), name);
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const small = [
    '--set',
    'data.split.train=1500',
    '--set',
    'data.split.test=700',
    '--set',
    'training.epochs=1',
  ];
  const evil = hostileTable();
  digits = await run(scratch(), config('mnist-cnn.yaml'), 'mnist-cnn', ...small);
  films = await run(scratch(), config('movies-rating.yaml'), 'movies-rating', '--set', 'training.epochs=3');
  point = await run(scratch(), config('perceptron.yaml'), 'perceptron');
  hostile = await run(evil, join(evil, 'evil.yaml'), 'evil');
});
afterAll(async () => {
  server.close();
  await browser?.close();
});

const page = (folder: string) => readFileSync(join(folder, 'report.html'), 'utf8');

/** What `exhibits.json` holds, by kind. */
const exhibits = (folder: string) =>
  Object.fromEntries(
    readJson(folder, 'exhibits.json').exhibits.map((e: { readonly kind: string }) => [e.kind, e]),
  );

describe('report.html', () => {
  it('shows pictures of mistakes, filters and feature maps of a convolution, and stays small', () => {
    const html = page(digits);
    for (const id of [
      'verdicts',
      'metrics',
      'training',
      'confusion',
      'worst',
      'ranking',
      'calibration',
      'network',
      'data',
      'audit',
      'config',
      'reproduce',
    ])
      expect(html, id).toContain(`<section id="${id}">`);
    expect(html).toContain('Filters of conv2d_1');
    expect(html).toContain('feature maps of conv2d_1');
    expect(html.match(/<img /g)!.length).toBeGreaterThan(40);
    expect(Buffer.byteLength(html)).toBeLessThan(2_000_000);
    const { confusion } = readJson(digits, 'result.json');
    const cells = [...html.matchAll(/href="#cell-(\d+)-(\d+)"/g)];
    expect(cells.length).toBeGreaterThan(10);
    for (const [, i, j] of cells) {
      expect(confusion.counts[Number(i)][Number(j)]).toBeGreaterThan(0);
      expect(html).toContain(`id="cell-${i}-${j}"`);
    }
  });

  it('tells the examples behind it as predictions.csv does, with the source’s pixels', () => {
    const { examples, ranking, filters, maps } = exhibits(digits);
    const rows = readFileSync(join(digits, 'predictions.csv'), 'utf8').trimEnd().split('\n').slice(1);
    const table = new Map(rows.map((row) => [row.split(',')[0], row.split(',')]));
    const wrong = rows.filter((row) => row.split(',')[1] !== row.split(',')[2]);
    const shown = examples.list.filter(
      (e: { truth: string; prediction: string }) => e.truth !== e.prediction,
    );
    expect(shown.length).toBe(Math.min(400, wrong.length));
    for (const e of examples.list) {
      const [, truth, prediction, ...scores] = table.get(e.id)!;
      expect([e.truth, e.prediction]).toEqual([truth, prediction]);
      expect(e.confidence).toBeCloseTo(Number(scores[Number(prediction)]), 6);
      expect(Buffer.from(e.pixels, 'base64')).toHaveLength(784);
    }
    expect(ranking.lines).toHaveLength(10);
    expect(filters).toMatchObject({ layer: 'conv2d_1', height: 3, width: 3, channels: 1, count: 32 });
    expect(filters.values).toHaveLength(32 * 9);
    expect(Buffer.from(maps.examples[0].maps, 'base64')).toHaveLength(32 * 26 * 26);
  });

  it('shows rows and errors of a regression, and the plane of two inputs', () => {
    expect(page(films)).toContain('Largest errors');
    expect(page(films)).toContain('prediction against truth of rating');
    const { regions } = exhibits(point);
    expect(page(point)).toContain('Decision regions');
    // The perceptron's rule, at the middle of each cell.
    const { weights } = readJson(point, 'result.json');
    const [w1, w2] = weights['dense_1/kernel'];
    const [bias] = weights['dense_1/bias'];
    const side = (k: 0 | 1, i: number) =>
      regions.from[k] + ((i + 0.5) / regions.size) * (regions.to[k] - regions.from[k]);
    const same = regions.cells.filter((label: number, i: number) => {
      const sum = w1 * side(0, i % regions.size) + w2 * side(1, Math.floor(i / regions.size)) + bias;
      return label === (sum >= 0 ? 1 : 0) || Math.abs(sum) < 1e-6;
    });
    expect(same).toHaveLength(regions.size ** 2);
    expect(regions.points).toHaveLength(3);
  });

  it('keeps hostile names as text', async () => {
    await mlx(['tag', hostile, '<b>best</b>', '--note', `<script src="${address}/note.js"></script>`], {
      cwd: join(hostile, '../../..'),
    });
    await drawReport(hostile);
    const html = page(hostile);
    expect(html).toContain(`&#60;script src=&#34;${address}/a.js&#34;&#62;`);
    expect(html).toContain('Worst mistakes');
    // What stands inside of quotes is no tag's.
    const tags = html.replace(/"[^"]*"/g, '""');
    expect(/<script|<iframe|<link|<img src=h|javascript:|<[^>]*\son\w+=/i.test(tags)).toBe(false);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is the point
    expect(/[\u0000-\u0008\u000b-\u001f\u007f\u202e]/.test(html)).toBe(false);
  });

  it.runIf(hasBrowser)('runs no script and asks nobody in a real browser, hostile names or not', async () => {
    for (const folder of [hostile, digits]) {
      const opened = await browser!.open(join(folder, 'report.html'), {
        questions: [
          'document.scripts.length',
          '[...document.images].filter((i) => i.naturalWidth === 0).length',
          'document.querySelectorAll("[onerror],[onload],iframe,link").length',
        ],
      });
      expect(opened).toMatchObject({ requests: [], scripts: [], dialogs: [], answers: [0, 0, 0] });
      expect(opened.title).toMatch(/: report$/);
    }
    expect(asked).toEqual([]);
  });

  it.runIf(hasBrowser)('the watch above sees what a page does', async () => {
    const file = join(scratch(), 'bad.html');
    writeFileSync(
      file,
      `<title>x</title><script>document.title = 'owned'</script><img src="${address}/seen.png">`,
    );
    const opened = await browser!.open(file);
    expect(opened.title).toBe('owned');
    expect(opened.scripts).toHaveLength(1);
    expect(opened.requests).toEqual([`${address}/seen.png`]);
    expect(asked).toEqual(['/seen.png']);
    asked.length = 0;
  });

  it.runIf(hasBrowser)('fits a phone, the dark and paper', async () => {
    for (const shot of [{ width: 380 }, { scheme: 'dark' as const }, { media: 'print' as const }]) {
      const picture = join(scratch(), 'page.png');
      const questions = [
        'getComputedStyle(document.body).backgroundColor',
        'getComputedStyle(document.querySelector("nav")).display',
      ];
      const opened = await browser!.open(join(digits, 'report.html'), { ...shot, picture, questions });
      expect(opened.overflow).toBeLessThanOrEqual(0);
      expect(statSync(picture).size).toBeGreaterThan(30_000);
      expect(opened.answers).toEqual([
        'scheme' in shot ? 'rgb(22, 22, 22)' : 'rgb(255, 255, 255)',
        'media' in shot ? 'none' : 'flex',
      ]);
    }
  });

  it('shows what mlx explain found, where it was asked', async () => {
    expect(page(films)).not.toContain('What it looks at');
    const explained = await mlx(['explain', films], { cwd: join(films, '../../..') });
    expect(explained.code).toBe(0);
    expect(explained.stdout).toContain('report.html');
    const { importance } = readJson(films, 'explain', 'model.json');
    expect(importance.columns.length).toBeGreaterThan(5);
    for (const { column } of importance.columns) expect(page(films)).toContain(`<td>${column}</td>`);
    const file = join(films, 'explain', 'model.json');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('year', '<script>x</script>\\u202e'));
    await drawReport(films);
    expect(page(films)).toContain('&#60;script&#62;x&#60;/script&#62;\\u202e');
    expect(page(films)).not.toMatch(/<script|\u202e/);
    writeFileSync(file, '[7');
    await drawReport(films);
    expect(page(films)).not.toContain('What it looks at');
  });

  it('of a comparison has verdict, differences and flips, of hostile runs as well', async () => {
    const cwd = join(hostile, '../../..');
    const other = await mlx(
      [
        'run',
        join(cwd, 'evil.yaml'),
        '--engine',
        'onnx',
        '--set',
        'training.epochs=40',
        '--set',
        'optimizer.learning_rate=0.05',
      ],
      { cwd },
    );
    expect(other.code).toBe(0);
    const ids = readdirSync(join(cwd, 'experiments/evil'));
    expect(ids).toHaveLength(2);
    const [a, b] = [basename(hostile), ids.find((id) => id !== basename(hostile))!];
    const out = join(cwd, 'compare.html');
    const compared = await mlx(['compare', a, b, '--html', out, '--json'], { cwd });
    expect(compared.code).toBe(0);
    const { against, verdicts } = JSON.parse(compared.stdout);
    const html = readFileSync(out, 'utf8');
    expect(html).toContain(verdicts[0].verdict);
    expect(html).toContain('optimizer.learning_rate');
    expect(html).toContain(`B fixes ${against[0].flips.fixed.length}`);
    expect(against[0].flips.fixed.length).toBeGreaterThan(0);
    for (const { id } of against[0].flips.fixed.slice(0, 20)) expect(html).toContain(`<td>${id}</td>`);
    expect(/<script|<iframe|<link|<[^>]*\son\w+=/i.test(html.replace(/"[^"]*"/g, '""'))).toBe(false);
    if (!browser) return;
    const opened = await browser.open(out, { width: 380 });
    expect(opened).toMatchObject({ requests: [], scripts: [], dialogs: [] });
    expect(opened.overflow).toBeLessThanOrEqual(0);
    expect(asked).toEqual([]);
  });

  it('of a comparison of groups has their verdict', async () => {
    const cwd = scratch();
    const seeds = [
      'run',
      config('penguins.yaml'),
      '--engine',
      'onnx',
      '--no-report',
      '--set',
      'seeds=2',
      '--set',
      'training.epochs=2',
      '--set',
      'evaluation.baselines=none',
    ];
    await mlx(seeds, { cwd });
    await mlx([...seeds, '--set', 'optimizer.learning_rate=0.001'], { cwd });
    const groups = new Set(
      readdirSync(join(cwd, 'experiments/penguins')).map((id) => id.replace(/-\d+$/, '')),
    );
    const compared = await mlx(
      ['compare', ...[...groups].filter((id) => !id.startsWith('.')), '--html', 'x.html'],
      { cwd },
    );
    expect(compared).toMatchObject({ code: 0, stderr: 'x.html\n' });
    const html = readFileSync(join(cwd, 'x.html'), 'utf8');
    expect(html).toContain('2 groups of runs against each other');
    expect(html).toContain('optimizer.learning_rate');
    expect(html).toMatch(/Welch|refused/);
  });

  it('is drawn of folders without exhibits, that failed, or that somebody spoiled', async () => {
    const cwd = scratch();
    const { code } = await mlx(
      [
        'run',
        config('movies-rating.yaml'),
        '--no-report',
        '--set',
        'optimizer.learning_rate=1e30',
        '--set',
        'training.epochs=1',
        '--engine',
        'onnx',
      ],
      { cwd },
    );
    expect(code).toBe(4);
    const folder = runFolder(join(cwd, 'experiments'), 'movies-rating');
    const drawn = await mlx(['report', 'movies-rating', '--out', 'x.html'], { cwd });
    expect(drawn.code).toBe(2);
    expect((await mlx(['report', folder, '--out', 'x.html'], { cwd })).code).toBe(0);
    expect(readFileSync(join(cwd, 'x.html'), 'utf8')).toContain('✗ failed');
    writeFileSync(
      join(digits, 'exhibits.json'),
      '{"format":1,"data":{"source":"<b>"},"layers":[{}],"ranked":[null],"examples":{"list":7}}',
    );
    const result = readJson(digits, 'result.json');
    writeFileSync(
      join(digits, 'result.json'),
      JSON.stringify({
        ...result,
        metrics: { test: { '<i>': 'x' } },
        confusion: { classes: ['<u>'], counts: 3 },
        baselines: [],
      }),
    );
    await drawReport(digits);
    expect(page(digits)).toContain('What the folder has for this part is damaged.');
    expect(page(digits)).not.toMatch(/<i>|<u>|<b><|NaN|undefined/);
  });
});
