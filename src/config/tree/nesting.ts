import { Lexer } from 'yaml';

/** Levels of maps and lists in one another. */
export const DEEPEST = 64;

/**
 * Offset where nesting passes the limit, seen by the lexer alone: the parser recurses, and a deep
 * text ends the process before it can refuse. Indented blocks can't be that deep in 1 MiB.
 */
export function nestedTooDeep(text: string): number | undefined {
  let [flow, inLine, offset] = [0, 0, 0];
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') flow++;
    else if (token === ']' || token === '}') flow = Math.max(0, flow - 1);
    else if (token === '-' || token === '?' || token === ':') inLine++;
    else if (token === '\n' || token === '\r\n') inLine = 0;
    if (flow > DEEPEST || (inLine > DEEPEST && flow === 0)) return offset;
    // Control tokens (document, scalar marks) stand for no text, but for one character at most.
    if (!CONTROL.has(token)) offset += token.length;
  }
  return undefined;
}
const CONTROL = new Set(['\u0002', '\u0018', '\u001f']);
