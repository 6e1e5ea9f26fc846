import { createInterface } from 'node:readline/promises';

export interface Answers {
  readonly data: string;
  readonly target?: string;
  readonly out?: string;
  /** The command that says the same. */
  readonly command: string;
}

/** Three questions on a terminal, on stderr: results go to stdout. */
export async function ask(): Promise<Answers> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    let data = '';
    while (data === '') data = (await lines.question('Which file or folder holds the data? ')).trim();
    const target = (await lines.question('Which column is to be predicted? (empty: guess) ')).trim();
    const out = (await lines.question('Where to write the config? (empty: named after the data) ')).trim();
    const word = (text: string) => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
    const options = [...(target ? [`--target ${word(target)}`] : []), ...(out ? [`--out ${word(out)}`] : [])];
    const command = ['mlx init', word(data), ...options].join(' ');
    return { data, ...(target && { target }), ...(out && { out }), command };
  } finally {
    lines.close();
  }
}
