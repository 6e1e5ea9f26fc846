// Table cells: what would end a cell, start a tag, a link, a mention or a format is written as an entity.
export const cell = (text: string): string =>
  text.replace(/[&<>|`*_[\]\\@#~!]/g, (c) => `&#${c.charCodeAt(0)};`);

/** A table whose first row is its head. */
export const table = (rows: readonly (readonly string[])[], align: readonly string[]): string[] => {
  const [head = '', ...body] = rows.map((cells) => `| ${cells.map(cell).join(' | ')} |`);
  return [head, `| ${align.join(' | ')} |`, ...body];
};

/** Aligns the first column to the left and the others, numbers, to the right. */
export const firstToTheLeft = ([head = []]: readonly (readonly string[])[]): string[] =>
  head.map((_, i) => (i === 0 ? '---' : '---:'));
