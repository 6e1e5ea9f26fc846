import { EXIT, MlxError, MlxErrors, type Position } from '../errors.ts';
import { escapeText } from './escape.ts';
import { codeFrame, escapeLines } from './frame.ts';

export interface FormatOptions {
  /** Under GITHUB_ACTIONS: also `::error file=…` lines, which it shows beside the code. */
  readonly github?: boolean;
}

/**
 * An error as people read it: code, one sentence, place, the text as written, notes, help. Several come
 * in the order of the file with their number at the end. Anything but an MlxError is a bug of ours and
 * shows its stack.
 *
 * @param readFile gives a file's text for the code frame, or undefined where there is none
 */
export function formatError(
  e: unknown,
  readFile: (path: string) => string | undefined = () => undefined,
  options: FormatOptions = {},
): string {
  if (e instanceof MlxError) return render([e], readFile, options);
  if (e instanceof MlxErrors) return render(inFileOrder(e.errors), readFile, options);
  const error = e instanceof Error ? e : new Error(String(e));
  const stack = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const head = `error[internal]: ${escapeText(error.message)} (a bug in mlx, not in your files: please report it)`;
  return [head, ...stack.map(escapeText)].join('\n');
}

/** A warning in the same form: it has a code, a place, notes and help, but ends nothing. */
export function formatWarning(
  { code, text, position, notes, help }: Warning,
  readFile: (path: string) => string | undefined = () => undefined,
): string {
  const error = new MlxError(code, text, EXIT.done, { position, notes, help });
  return block(error, readFile, 'warning').join('\n');
}

export interface Warning {
  readonly code: string;
  readonly text: string;
  readonly position?: Position;
  readonly notes?: readonly string[];
  readonly help?: string;
}

/** Files in the order of their first error, then line and column; those without a place at the end. */
function inFileOrder(errors: readonly MlxError[]): MlxError[] {
  const files = [...new Set(errors.map((e) => e.details.position?.file))];
  const rank = (e: MlxError) => (e.details.position ? files.indexOf(e.details.position.file) : files.length);
  return [...errors].sort((a, b) => {
    const [p, q] = [a.details.position, b.details.position];
    return rank(a) - rank(b) || (p?.line ?? 0) - (q?.line ?? 0) || (p?.column ?? 0) - (q?.column ?? 0);
  });
}

function render(
  errors: readonly MlxError[],
  readFile: (path: string) => string | undefined,
  options: FormatOptions,
): string {
  const texts = new Map<string, string | undefined>();
  const read = (path: string) => {
    if (!texts.has(path)) texts.set(path, readFile(path));
    return texts.get(path);
  };
  const blocks = errors.map((e) => block(e, read).join('\n'));
  if (errors.length > 1) blocks.push(`${errors.length} errors`);
  const commands = options.github ? errors.map(githubCommand) : [];
  return [blocks.join('\n\n'), ...commands].join('\n');
}

function block(e: MlxError, readFile: (path: string) => string | undefined, word = 'error'): string[] {
  const { position, notes, help } = e.details;
  const lines = [`${word}[${escapeText(e.code)}]: ${escapeText(e.message)}`];
  if (position) {
    lines.push(`  ${escapeText(position.file)}:${position.line}:${position.column}`);
    const source = readFile(position.file);
    if (source !== undefined) lines.push(...codeFrame(source, position));
  }
  for (const note of notes ?? []) lines.push(...escapeLines(note).map((line) => `  ${line}`));
  if (help !== undefined) {
    const [first, ...rest] = escapeLines(help);
    lines.push(`  help: ${first}`, ...rest.map((line) => `        ${line}`));
  }
  return lines;
}

/** A workflow command: https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
function githubCommand(e: MlxError): string {
  const data = (text: string) => text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
  const property = (text: string) => data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
  const { position, help } = e.details;
  const properties = position
    ? [`file=${property(position.file)}`, `line=${position.line}`, `col=${position.column}`]
    : [];
  properties.push(`title=${property(`mlx ${e.code}`)}`);
  return `::error ${properties.join(',')}::${data(help === undefined ? e.message : `${e.message}\n${help}`)}`;
}
