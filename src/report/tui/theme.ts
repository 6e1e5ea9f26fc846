import type { Charts, ReporterOptions } from '../reporter.ts';

/** What a piece of text means; blue and orange stay apart for every kind of colour vision. */
export type Ink = 'train' | 'validation' | 'best' | 'dim' | 'strong' | 'warning';

export interface Glyphs {
  readonly mark: string; // one validation value
  readonly best: string;
  readonly now: string;
  readonly line: string; // legend of the train curve
  readonly bar: string;
  readonly half: string;
  readonly rest: string;
  readonly ellipsis: string;
  readonly times: string;
  readonly divider: string;
}

export interface Theme {
  readonly charts: Charts;
  readonly glyphs: Glyphs;
  paint(text: string, ink: Ink): string;
}

const UNICODE: Glyphs = {
  mark: '●',
  best: '★',
  now: '▶',
  line: '⠒',
  bar: '━',
  half: '╸',
  rest: '─',
  ellipsis: '…',
  times: '×',
  divider: '│',
};
const GLYPHS: Readonly<Record<Charts, Glyphs>> = {
  braille: UNICODE,
  blocks: { ...UNICODE, line: '▀' },
  ascii: {
    mark: 'o',
    best: '*',
    now: '>',
    line: ':',
    bar: '=',
    half: '-',
    rest: ' ',
    ellipsis: '.',
    times: 'x',
    divider: '|',
  },
};

/** SGR parameters for 16 colours and for 256. */
const COLOURS: Readonly<Record<Ink, readonly [string, string]>> = {
  train: ['94', '38;5;33'],
  validation: ['33', '38;5;208'],
  best: ['1;33', '1;38;5;208'],
  dim: ['2', '2'],
  strong: ['1', '1'],
  warning: ['33', '38;5;208'],
};

/** @param depth bits of colour, 1 for none; 4 for 16 colours, 8 for 256 */
export function makeTheme(depth: number, charts: Charts): Theme {
  const at = depth >= 8 ? 1 : 0;
  return {
    charts,
    glyphs: GLYPHS[charts],
    paint: (text, ink) => (depth < 4 || text === '' ? text : `\x1b[${COLOURS[ink][at]}m${text}\x1b[0m`),
  };
}

/**
 * The theme of the terminal behind stderr. Ink's own colours are not used: they ask stdout and know
 * nothing of NO_COLOR (https://no-color.org: any value that isn't empty).
 */
export function themeOf({ stderr, env, charts }: ReporterOptions): Theme {
  const plain = (env['NO_COLOR'] ?? '') !== '';
  const depth = plain ? 1 : stderr.getColorDepth(env as Record<string, string>);
  return makeTheme(depth, charts ?? chartsOf(env));
}

/** Without UTF-8 there is only ASCII; the Linux console's fonts have no braille. */
export function chartsOf(env: ReporterOptions['env']): Charts {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  if (!/utf-?8/i.test(locale) && process.platform !== 'win32' && process.platform !== 'darwin')
    return 'ascii';
  return env['TERM'] === 'linux' ? 'blocks' : 'braille';
}
