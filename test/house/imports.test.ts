import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const src = join(import.meta.dirname, '../../src');

/** DESIGN's import table: folder -> folders that it may import. Everyone may import `errors` and itself. */
const may: Record<string, readonly string[]> = {
  base: [],
  graph: ['base'],
  plan: ['base', 'graph'],
  protocol: ['base'],
  readers: ['base', 'protocol'],
  catalog: ['base', 'graph', 'protocol', 'readers'],
  config: ['base', 'protocol', 'readers', 'catalog'],
  compile: ['base', 'protocol', 'config', 'catalog', 'graph', 'plan', 'readers types'],
  engines: ['base', 'plan', 'graph', 'protocol'],
  data: ['base', 'config', 'catalog', 'protocol', 'readers', 'graph types'],
  evaluate: ['base', 'catalog', 'protocol'],
  train: [
    'base',
    'graph',
    'plan',
    'protocol',
    'readers types',
    'catalog',
    'config',
    'compile',
    'engines',
    'data',
    'evaluate',
  ],
  record: ['base', 'plan', 'protocol', 'evaluate types'],
  pipeline: [
    'base',
    'graph types',
    'plan',
    'protocol',
    'readers',
    'catalog',
    'config',
    'compile',
    'engines',
    'data',
    'train',
    'evaluate',
    'record',
  ],
  ask: [
    'base',
    'plan',
    'protocol',
    'readers types',
    'catalog',
    'config',
    'compile',
    'engines',
    'data',
    'train',
    'evaluate',
    'record',
    'pipeline',
  ],
  study: ['base', 'protocol', 'config', 'data', 'train types', 'evaluate', 'record', 'pipeline'],
  report: ['protocol', 'record', 'evaluate types', 'study types', 'data types'],
  cli: [
    'config',
    'data',
    'train',
    'pipeline',
    'ask',
    'study',
    'record',
    'report',
    'readers/table/write-parquet.ts',
  ],
};

/** Heavy packages: the one folder that may import each, and never statically outside of it. */
const heavy: Record<string, string> = {
  'onnxruntime-node': 'engines/onnx',
  'gpu.js': 'engines/gpujs',
  webgpu: 'engines/gpujs',
  gl: 'engines/gpujs',
  '@duckdb/node-api': 'readers/table',
  ink: 'report/tui',
  react: 'report/tui',
  vega: 'report/look',
  'vega-lite': 'report/look',
  'umap-js': 'data/look',
};

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((f) => /\.tsx?$/.test(f))
  .map((f) => f.split('\\').join('/'));

function importsOf(file: string): Import[] {
  const text = readFileSync(join(src, file), 'utf8');
  const found: Import[] = [];
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^;]*?from\s+'([^']+)'|import\('([^']+)'\)|(?:^|\n)import\s+'([^']+)'/g;
  for (const match of text.matchAll(pattern)) {
    const target = match[2] ?? match[3] ?? match[4]!;
    found.push({ file, target, typeOnly: match[1] !== undefined, dynamic: match[3] !== undefined });
  }
  return found;
}

/** `src/plan/x.ts` + `../graph/index.ts` -> `graph/index.ts`. */
const resolve = ({ file, target }: Import): string => posix.normalize(posix.join(dirname(file), target));
const room = (path: string): string => (path.includes('/') ? path.split('/')[0]! : path.replace(/\.ts$/, ''));

const all = files.flatMap(importsOf);

describe('the house', () => {
  it('has source files in every room of the table', () => {
    for (const folder of Object.keys(may))
      if (folder !== 'study')
        expect(
          files.some((f) => room(f) === folder),
          folder,
        ).toBe(true);
    for (const file of files) expect([...Object.keys(may), 'errors'], file).toContain(room(file));
  });

  it('imports only along the table', () => {
    const wrong = all
      .filter((i) => i.target.startsWith('.'))
      .filter((i) => {
        const from = room(i.file);
        const to = resolve(i);
        if (room(to) === from || room(to) === 'errors' || from === 'errors') return false;
        return !(may[from] ?? []).some(
          (rule) => rule === room(to) || rule === to || (rule === `${room(to)} types` && i.typeOnly),
        );
      })
      .map((i) => `${i.file} -> ${resolve(i)}`);
    expect(wrong).toEqual([]);
  });

  it('keeps engines apart from each other', () => {
    const kind = (path: string) => path.split('/')[1]!;
    const wrong = all
      .filter(
        (i) => i.target.startsWith('.') && i.file.startsWith('engines/') && i.file.split('/').length > 2,
      )
      .filter((i) => {
        const to = resolve(i);
        return to.startsWith('engines/') && to.split('/').length > 2 && kind(to) !== kind(i.file);
      });
    expect(wrong).toEqual([]);
  });

  it('imports each heavy package in one folder', () => {
    const wrong = all
      .filter((i) => !i.target.startsWith('.') && !i.typeOnly)
      .filter((i) => {
        const name = i.target
          .split('/')
          .slice(0, i.target.startsWith('@') ? 2 : 1)
          .join('/');
        return heavy[name] !== undefined && !i.file.startsWith(`${heavy[name]}/`);
      })
      .map((i) => `${i.file} -> ${i.target}`);
    expect(wrong).toEqual([]);
  });

  it('lets the training loop alone say that training is over', () => {
    const makers = files.filter((f) => readFileSync(join(src, f), 'utf8').includes('as TrainingOver'));
    expect(makers).toEqual(['train/loop.ts']);
    const openers = files.filter((f) => /\bopenTest\(/.test(readFileSync(join(src, f), 'utf8')));
    expect(openers.sort()).toEqual(['data/prepare.ts', 'train/worker.ts']);
  });

  it('lets validation examples alone be what a threshold or a calibration is made of', () => {
    const makers = files.filter((f) =>
      /as (Validation<|OutputsFor<|PredictionsFor<)/.test(readFileSync(join(src, f), 'utf8')),
    );
    expect(makers.sort()).toEqual(['data/prepare.ts', 'train/evaluate.ts', 'train/predicted.ts']);
  });

  it('finds imports at all', () => {
    expect(all.length).toBeGreaterThan(100);
    expect(relative(src, join(src, files[0]!))).toBe(files[0]);
  });
});
