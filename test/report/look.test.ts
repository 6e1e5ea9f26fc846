import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { inspectData } from '../../src/cli/inspect-data.ts';
import { lookHtml } from '../../src/report/look/html.ts';
import { bars, lookLines } from '../../src/report/look/terminal.ts';
import { png } from '../../src/report/page/png.ts';
import { config, mlx, scratch } from '../cli/mlx.ts';

// A browser and whole commands on a busy machine.
vi.setConfig({ testTimeout: 240_000 });

const NAMES = [
  '<script>alert(1)</script>',
  'a"onload="x',
  "it's & <b>",
  '\u001b[31mred',
  'line\nbreak',
  '\u202egnp.exe',
  '{{x}}',
  'datum.x',
  'a.b[0]',
  '</svg></style>',
];
const LEVELS = [
  '<img src=x onerror=alert(1)>',
  '</svg><script>document.title="owned"</script>',
  ':0',
  '\u0007bell',
];

function hostile(): string {
  const file = join(scratch(), '<i>hostile.csv');
  const quote = (text: unknown) => `"${String(text).replaceAll('"', '""')}"`;
  const rows = Array.from({ length: 120 }, (_, i) =>
    [
      ...NAMES.map((_, j) => (j % 2 ? (i * (j + 3)) % 17 : LEVELS[(i * (j + 1)) % 4])),
      ['</title><script>', 'ok'][(i >> 1) % 2],
    ]
      .map(quote)
      .join(','),
  );
  writeFileSync(file, `${[...NAMES, 'y'].map(quote).join(',')}\n${rows.join('\n')}\n`);
  return file;
}

describe('the page', () => {
  it('keeps hostile names as text, runs no script, asks nobody', async () => {
    const { look } = await inspectData(hostile(), { target: 'y', set: [], scatter: true });
    const page = await lookHtml(look);
    expect(page).toContain("default-src 'none'; style-src 'sha256-");
    expect(/<script|<img src=x|javascript:|<[^>]*\son\w+=|url\((?!#)/i.test(page)).toBe(false);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is the point
    expect(/[\u0000-\u0008\u000b-\u001f\u007f\u202e]/.test(page)).toBe(false);
    expect(page).toContain('&#60;script&#62;alert(1)&#60;/script&#62;');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is the point
    expect(lookLines(look).join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(page.match(/<svg /g)!.length).toBeGreaterThan(10);
  });

  it.runIf(existsSync('/usr/bin/chromium'))('opens in a browser as it was written', async () => {
    const { look } = await inspectData(hostile(), { target: 'y', set: [], scatter: true });
    const file = join(scratch(), 'page.html');
    writeFileSync(file, await lookHtml(look));
    const open = (...options: string[]) =>
      execFileSync(
        '/usr/bin/chromium',
        [
          '--headless',
          '--no-sandbox',
          '--disable-gpu',
          `--user-data-dir=${scratch()}`,
          ...options,
          `file://${file}`,
        ],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
      );
    const dom = open('--dump-dom');
    expect(dom).not.toContain('<script');
    expect(dom).not.toContain('<b onerror');
    expect(dom).toMatch(/<title>[^<]*: a look at the data<\/title>/);
    expect(dom.match(/<svg/g)!.length).toBeGreaterThan(10);
    const picture = join(scratch(), 'page.png');
    open('--window-size=1000,2000', `--screenshot=${picture}`);
    expect(statSync(picture).size).toBeGreaterThan(30_000);
  });

  it('has sample images, and stays below 2 MB', async () => {
    const { look } = await inspectData(config('mnist-cnn.yaml'), { set: [], scatter: true });
    const page = await lookHtml(look);
    expect(page.match(/data:image\/png;base64,/g)).toHaveLength(10);
    expect(page.length).toBeLessThan(2_000_000);
  });
});

describe('pieces', () => {
  it('bars are as high as their shares', () => {
    expect(bars([0, 0.1, 0.2, 0.4], 4)).toBe(' ▃▅█');
    expect(bars([], 5)).toBe('');
  });

  it('a PNG holds its pixels', () => {
    const file = png(Uint8Array.of(0, 128, 255, 7), 2, 2, 1);
    const at = file.indexOf('IDAT');
    const body = file.subarray(at + 4, at + 4 + file.readUInt32BE(at - 4));
    expect([...inflateSync(body)]).toEqual([0, 0, 128, 0, 255, 7]);
  });
});

describe('mlx inspect', () => {
  it('tells on stdout, warns on stderr, writes a page; --json has everything', async () => {
    const cwd = scratch();
    const ended = await mlx(['inspect', config('penguins.yaml')], { cwd });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('penguins   csv, 241 train / 103 test, split: random');
    expect(ended.stdout).toContain('strongest  island');
    expect(readFileSync(join(cwd, 'penguins.inspect.html'), 'utf8')).toContain('<h1>penguins</h1>');
    const json = await mlx(['inspect', config('penguins.yaml'), '--json'], { cwd });
    expect(JSON.parse(json.stdout)).toMatchObject({
      format: 1,
      name: 'penguins',
      rows: { train: 241 },
      audit: { findings: [] },
    });
    const absent = await mlx(['inspect', 'nothing.csv'], { cwd });
    expect(absent.code).toBe(3);
    expect(absent.stderr).toContain('error[data-missing]: there is no file or folder');
  });

  it('ends with 3 where a check that may fail found something', async () => {
    const cwd = scratch();
    const rows = Array.from({ length: 60 }, (_, i) => `${(i * 7) % 13},${i % 2},${i % 2 ? 'a' : 'b'}`);
    writeFileSync(join(cwd, 'copy.csv'), `x,code,y\n${rows.join('\n')}\n`);
    const ended = await mlx(['inspect', 'copy.csv', '--no-html'], { cwd });
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain('warning[audit-target-copy]: `code` is the target `y` in another form');
    expect(ended.stdout).toContain('assumed    y is the target');
  });
});
