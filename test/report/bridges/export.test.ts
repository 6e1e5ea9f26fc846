import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunEvent } from '../../../src/protocol/events.ts';
import type { Result } from '../../../src/protocol/result.ts';
import { parseCsv } from '../../../src/record/index.ts';
import { crc32c } from '../../../src/report/bridges/crc32c.ts';
import {
  scalarRecord,
  sessionEnd,
  sessionStart,
  versionRecord,
} from '../../../src/report/bridges/tfevents.ts';
import { hyperparameters } from '../../../src/study/config-values.ts';
import { config, lines, mlx, readJson, runFolder, scratch } from '../../cli/mlx.ts';
import { readEventFile, slowCrc32c } from './event-file.ts';

// Whole commands on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let cwd = '';
let folder = '';
let events: RunEvent[] = [];
let result: Result;

beforeAll(async () => {
  cwd = scratch();
  const run = [
    'run',
    config('penguins.yaml'),
    '--engine',
    'onnx',
    '--set',
    'training.epochs=3',
    '--set',
    'data.split.validation=0.2',
  ];
  const ended = await mlx([...run, '--tensorboard', '--no-report'], { cwd });
  expect([0, 1]).toContain(ended.code);
  folder = runFolder(join(cwd, 'experiments'), 'penguins');
  events = lines(readFileSync(join(folder, 'events.ndjson'), 'utf8'));
  result = readJson(folder, 'result.json');
});

/** Every value that should come out: `kind split metric step` to the number. */
function told(): Map<string, number> {
  const all = new Map<string, number>();
  let last = 0;
  for (const e of events) {
    if (e.type !== 'step' && e.type !== 'epoch') continue;
    last = e.step;
    for (const [name, value] of Object.entries(e.metrics)) {
      const val = name.startsWith('val_');
      all.set(`${e.type} ${val ? 'validation' : 'train'} ${val ? name.slice(4) : name} ${e.step}`, value);
    }
    if (e.type === 'step')
      all.set(`step train learning_rate ${e.step}`, e.scalars['optimizer.learning_rate']!);
  }
  for (const split of ['train', 'validation', 'test'] as const)
    for (const [metric, { value }] of Object.entries(result.metrics[split] ?? {}))
      all.set(`final ${split} ${metric} ${last}`, value!);
  return all;
}

const PREFIX: Record<string, string> = { batch: 'step', epoch: 'epoch', final: 'final' };

function eventFiles(root: string): Map<string, number> {
  const all = new Map<string, number>();
  for (const split of readdirSync(root)) {
    if (!['train', 'validation', 'test'].includes(split)) continue;
    const names = readdirSync(join(root, split));
    expect(names).toHaveLength(1);
    expect(names[0]).toMatch(/^events\.out\.tfevents\.\d{10}\.mlx$/);
    const [first, ...rest] = readEventFile(readFileSync(join(root, split, names[0]!)));
    expect(first!.version).toBe('brain.Event:2');
    let time = 0;
    for (const record of rest) {
      expect(record.time).toBeGreaterThan(1.7e9);
      if (!record.tag!.startsWith('final')) {
        expect(record.time).toBeGreaterThanOrEqual(time);
        time = record.time;
      }
      const [kind, ...metric] = record.tag!.split('_');
      all.set(`${PREFIX[kind!]} ${split} ${metric.join('_')} ${record.step}`, record.value!);
    }
  }
  return all;
}

function expectSame(found: Map<string, number>): void {
  const wanted = told();
  expect([...found.keys()].sort()).toEqual([...wanted.keys()].sort());
  for (const [key, value] of wanted) expect(found.get(key), key).toBe(Math.fround(value));
}

describe('event files', () => {
  it('have the checksums and the bytes that TensorFlow writes', () => {
    // RFC 3720, appendix B.4, and the check value of the polynomial.
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (data) => crc32c(data) === slowCrc32c(data)));
    // The start of every file of TensorFlow: 24 bytes follow.
    expect(versionRecord(1.7e9).subarray(0, 12).toString('hex')).toBe('1800000000000000a37f4b22');
  });

  it('give back any value', () => {
    const values = fc.record({
      tag: fc.string({ unit: 'binary' }),
      value: fc.float({ noNaN: true }),
      step: fc.nat(),
      time: fc.double({ min: 0, max: 1e11, noNaN: true }),
    });
    fc.assert(
      fc.property(values, (scalar) => {
        expect(readEventFile(scalarRecord(scalar))).toEqual([
          { ...scalar, tag: Buffer.from(scalar.tag).toString() },
        ]);
      }),
    );
  });

  it('tell every step, epoch and final metric, while training and afterwards', async () => {
    expectSame(eventFiles(join(folder, 'tensorboard')));
    const out = join(cwd, 'board');
    expect((await mlx(['export', folder, out, '--to', 'tensorboard'], { cwd })).code).toBe(0);
    expectSame(eventFiles(out));
  });

  it('tell TensorBoard’s HParams what the run was made with, and how it ended', () => {
    for (const root of [join(folder, 'tensorboard'), join(cwd, 'board')]) {
      const [name, ...others] = readdirSync(root).filter((one) => one.startsWith('events.'));
      expect(others).toEqual([]);
      const [version, start, end, ...rest] = readEventFile(readFileSync(join(root, name!)));
      expect([version!.version, start!.tag, end!.tag, rest.length]).toEqual([
        'brain.Event:2',
        '_hparams_/session_start_info',
        '_hparams_/session_end_info',
        0,
      ]);
      const { hparams, start: began } = start!.session!;
      expect(hparams).toMatchObject({
        'optimizer.type': 'adam',
        'training.epochs': 3,
        'training.shuffle': true,
        'training.score_train': false,
        'data.split.validation': 0.2,
      });
      const known = hyperparameters(readFileSync(join(folder, 'config.resolved.yaml'), 'utf8'));
      expect(hparams).toEqual(Object.fromEntries(known));
      expect(Object.keys(hparams)).not.toContain('name');
      expect(Object.keys(hparams).join()).not.toMatch(/expect|audit/);
      expect(end!.end!.status).toBe(1);
      expect(end!.end!.time).toBeGreaterThan(began);
    }
  });

  it('tell a session of any names and values, and one that failed', () => {
    const text = fc.string({ unit: 'grapheme' });
    const values = fc.dictionary(text, fc.oneof(text, fc.boolean(), fc.double({ noNaN: true })));
    fc.assert(
      fc.property(values, (made) => {
        const [start] = readEventFile(sessionStart(new Map(Object.entries(made)), 7.5));
        expect(start).toMatchObject({ time: 7.5, step: 0 });
        expect(start!.session).toEqual({ hparams: { ...made }, start: 7.5 });
      }),
      { numRuns: 30 },
    );
    expect(readEventFile(sessionEnd(false, 9))[0]!.end).toEqual({ status: 2, time: 9 });
    expect(hyperparameters('[')).toEqual(new Map());
    expect(hyperparameters('a: null\nb: []\nc: [{ d: 1 }]\nname: x\nexpect: [y]\ne: .nan')).toEqual(
      new Map([['c[0].d', 1]]),
    );
  });

  it('a damaged one is seen by the reader of these tests', () => {
    const file = scalarRecord({ tag: 'a', value: 1, step: 3, time: 5 });
    for (let i = 0; i < file.length; i++) {
      const bad = Buffer.from(file);
      bad[i] = bad[i]! ^ 4;
      expect(() => readEventFile(bad), `byte ${i}`).toThrow();
    }
  });
});

describe('tables of metrics', () => {
  it('CSV has each value once, to all digits', async () => {
    const out = join(cwd, 'metrics.csv');
    expect((await mlx(['export', folder, out, '--to', 'csv'], { cwd })).code).toBe(0);
    const [head, ...rows] = parseCsv(readFileSync(out, 'utf8'));
    expect(head!.join()).toBe('run,kind,split,metric,step,epoch,value,low,high');
    const wanted = told();
    expect(rows).toHaveLength(wanted.size);
    for (const [, kind, split, metric, step, , value] of rows)
      expect(Number(value)).toBe(wanted.get(`${kind} ${split} ${metric} ${step}`));
    const accuracy = rows.find((r) => r[1] === 'final' && r[2] === 'test' && r[3] === 'accuracy')!;
    expect([Number(accuracy[7]), Number(accuracy[8])]).toEqual(result.metrics.test!['accuracy']!.interval);
  });

  it('Parquet has the same, with types', async () => {
    const out = join(cwd, "o'metrics.parquet");
    expect((await mlx(['export', folder, out, '--to', 'parquet'], { cwd })).code).toBe(0);
    const connection = await (await DuckDBInstance.create()).connect();
    const file = `'${out.replaceAll("'", "''")}'`;
    const rows = (await connection.runAndReadAll(`SELECT * FROM read_parquet(${file})`)).getRowObjectsJS();
    const wanted = told();
    expect(rows).toHaveLength(wanted.size);
    for (const { kind, split, metric, step, value } of rows)
      expect(value).toBe(wanted.get(`${kind} ${split} ${metric} ${step}`));
    expect(rows.filter((r) => r['low'] === null).length).toBeGreaterThan(10);
    const types = (await connection.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet(${file})`))
      .getRowsJS()
      .map((r) => r[1]);
    expect(types.join()).toBe('VARCHAR,VARCHAR,VARCHAR,VARCHAR,BIGINT,BIGINT,DOUBLE,DOUBLE,DOUBLE');
  });

  it('says what it takes, and where it can’t write', async () => {
    const other = await mlx(['export', folder, 'x', '--to', 'excel'], { cwd });
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('--to takes csv, parquet, tensorboard, mlflow');
    writeFileSync(join(cwd, 'file'), '');
    for (const to of ['csv', 'parquet', 'tensorboard']) {
      const ended = await mlx(['export', folder, 'file/x', '--to', to], { cwd });
      expect(ended.code, to).toBe(3);
      expect(ended.stderr).toContain('error[record-write]');
    }
  });
});
