import { distance } from 'fastest-levenshtein';

const bare = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Help for a column that doesn't exist: the one that was probably meant, else a list of those that do. */
export function nearest(name: string, columns: readonly string[]): string {
  const wanted = bare(name);
  const scored = columns
    .map((column) => ({ column, d: distance(wanted, bare(column)) }))
    .filter(({ column, d }) => d <= Math.max(2, wanted.length / 3) || bare(column).startsWith(wanted))
    .sort((a, b) => a.d - b.d);
  if (scored[0] && wanted !== '') return `rename it to \`${scored[0].column}\``;
  const shown = columns.slice(0, 12).map((column) => `\`${column}\``);
  return `the columns are ${shown.join(', ')}${columns.length > 12 ? `, and ${columns.length - 12} more` : ''}`;
}
