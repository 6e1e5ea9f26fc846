/** The first line of an error, short enough for one line of a terminal. */
export function firstLine(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
