// Names, class labels and messages come from files that somebody else may have written: on a terminal an
// escape sequence in them could move the cursor, recolour the screen or hide text (C0, C1, ESC, DEL), and
// bidirectional controls can make a line read as something else (CVE-2021-42574).

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const unsafe = (code: number): boolean =>
  code < 0x20 ||
  (code >= 0x7f && code <= 0x9f) ||
  code === 0x061c || // Arabic letter mark
  code === 0x200e || // left-to-right mark
  code === 0x200f || // right-to-left mark
  (code >= 0x2028 && code <= 0x202e) || // line and paragraph separators, embeddings, overrides
  (code >= 0x2066 && code <= 0x2069) || // isolates
  (code >= 0xd800 && code <= 0xdfff); // lone halves: iterating by code point joins the paired ones

/** Shows control and direction characters as `\n`, `\x1b`, `\u202e`; the result stays on one line. */
export function escapeText(text: string): string {
  let out = '';
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (!unsafe(code)) out += char;
    else if (SHORT[char]) out += SHORT[char];
    else if (code < 0x100) out += `\\x${code.toString(16).padStart(2, '0')}`;
    else out += `\\u${code.toString(16).padStart(4, '0')}`;
  }
  return out;
}
