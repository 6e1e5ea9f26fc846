import { configError } from '../errors.ts';

/** `--charts`. @throws MlxError `usage` */
export function chartsOf(text: string | undefined): 'braille' | 'blocks' | 'ascii' | undefined {
  if (text === undefined || text === 'braille' || text === 'blocks' || text === 'ascii') return text;
  throw configError('usage', `--charts takes braille, blocks or ascii, found "${text}"`);
}
