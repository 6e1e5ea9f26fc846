/** A Python literal as data: dicts are Maps, tuples and lists are arrays. */
export type Literal = string | number | boolean | null | Literal[] | Map<string, Literal>;

const DEEPEST = 8;
const TOKEN = /\s*(?:([{}[\]():,])|(True|False|None)\b|(\d{1,17})L?\b|'([^'\\\n]*)'|"([^"\\\n]*)")/y;

/**
 * Reads what the header of a `.npy` file may hold: dicts with keys of text, tuples, lists, texts without
 * escapes, whole numbers, True, False, None. Anything else, and a repeated key, gives undefined.
 */
export function parseLiteral(text: string): Literal | undefined {
  let at = 0;
  let token: RegExpExecArray | null = null;
  const next = (): void => {
    TOKEN.lastIndex = at;
    token = TOKEN.exec(text);
    at = token ? TOKEN.lastIndex : at;
  };
  const mark = (): string | undefined => token?.[1];
  const fail = (): never => {
    throw new SyntaxError('no literal');
  };

  function value(depth: number): Literal {
    if (!token || depth > DEEPEST) return fail();
    const [, open, word, digits, single, double] = token;
    if (open === '{') return dict(depth);
    if (open === '(') return list(')', depth);
    if (open === '[') return list(']', depth);
    if (open !== undefined) return fail();
    next();
    if (word !== undefined) return word === 'None' ? null : word === 'True';
    return digits === undefined ? (single ?? double)! : Number(digits);
  }
  function list(close: string, depth: number): Literal[] {
    const out: Literal[] = [];
    next();
    while (mark() !== close) {
      out.push(value(depth + 1));
      if (mark() === ',') next();
      else if (mark() !== close) fail();
    }
    next();
    return out;
  }
  function dict(depth: number): Map<string, Literal> {
    const out = new Map<string, Literal>();
    next();
    while (mark() !== '}') {
      const key = value(depth + 1);
      if (typeof key !== 'string' || out.has(key) || mark() !== ':') return fail();
      next();
      out.set(key, value(depth + 1));
      if (mark() === ',') next();
      else if (mark() !== '}') fail();
    }
    next();
    return out;
  }

  try {
    next();
    const found = value(0);
    return token === null && text.slice(at).trim() === '' ? found : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
