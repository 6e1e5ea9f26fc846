import { heavyPackages, type Room, rooms } from './rooms.ts';

/** Lines of ARCHITECTURE.md between which the generated tables stand. */
export const START = '<!-- generated from test/house/rooms.ts by `npm run house:refresh` -->';
export const END = '<!-- end of the generated tables -->';

const code = (text: string) => `\`${text}\``;

/** `graph types` as "graph (types)". */
const allowed = ({ may }: Room): string =>
  may.length === 0 ? 'nothing' : may.map((rule) => rule.replace(/^(\S+) types$/, '$1 (types)')).join(', ');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** The tables of rooms and of heavy packages, as Markdown. */
export const generatedTables = (): string =>
  [
    table(
      ['folder', 'what it knows', 'may import'],
      rooms.map((room) => [code(room.name), room.knows, allowed(room)]),
    ),
    table(
      ['package', 'imported in', 'what for'],
      heavyPackages.map(({ name, folder, does }) => [code(name), code(folder), does]),
    ),
  ].join('\n\n');

/** The document with the tables as they are now. @throws Error where a marker is missing */
export function withTables(text: string): string {
  const [from, to] = [text.indexOf(START), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`ARCHITECTURE.md needs the lines ${START} and ${END}`);
  return `${text.slice(0, from)}${START}\n\n${generatedTables()}\n\n${text.slice(to)}`;
}
