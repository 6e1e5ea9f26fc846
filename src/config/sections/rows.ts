import * as z from 'zod';
import type { Entry } from '../../catalog/entry.ts';
import { schemaOfFields, schemaOfStep } from '../declare/json-schema.ts';
import { oneLine } from '../declare/layout.ts';
import type { Section } from '../declare/section.ts';
import { checkFields } from '../tree/check-fields.ts';
import type { Problems } from '../tree/problems.ts';
import { mapAt, type Tree } from '../tree/tree.ts';
import { type Fields, knownName } from '../tree/typed.ts';
import { wrongValue } from '../tree/wrong-value.ts';

/** `kind` is the YAML key, `value` what stands there. */
interface RowStep {
  readonly kind: string;
  readonly value: unknown;
}

/** `- filter: "x > 0"`, `- drop_missing`: steps over rows before the split, in order. */
export const rows: Section<readonly RowStep[], readonly (RowStep | undefined)[]> = {
  read(written, { path }, { catalogues, problems }) {
    if (!written) return [];
    if (written.kind === 'list')
      return written.items.map((item) => checkRowStep(item, catalogues.rows, problems));
    const help = 'start each one with `- `';
    wrongValue(`\`${path}\``, 'a list of steps', written, problems, undefined, help);
    return undefined;
  },
  jsonSchema: (catalogues) => ({
    description: 'Steps over rows before the split, in order.',
    type: 'array',
    items: schemaOfStep(catalogues.rows, (entry) => schemaOfFields(entry.schema)),
  }),
  resolved: (steps) => steps.map(({ kind, value }) => ({ [kind]: oneLine(value) })),
};

function checkRowStep(
  item: Tree,
  entries: ReadonlyMap<string, Entry<unknown>>,
  problems: Problems,
): RowStep | undefined {
  const bare = item.kind === 'scalar' && typeof item.value === 'string';
  if (!bare && (item.kind !== 'map' || item.entries.size !== 1)) {
    problems.add('wrong-value', 'a step is one key with what it needs', item.position, {
      help: 'write it like `- filter: "age >= 18"`',
    });
    return undefined;
  }
  const map =
    item.kind === 'map' ? item : mapAt(item, [[String((item as { value: unknown }).value), mapAt(item)]]);
  const [name, value] = [...map.entries][0]!;
  const kind = knownName('row step', name, value.key ?? value.position, [...entries.keys()], problems);
  if (kind === undefined) return undefined;
  const given: Tree = value.kind === 'scalar' && value.value === null ? mapAt(value) : value;
  const schema = z.strictObject({ [kind]: entries.get(kind)!.schema });
  const checked = checkFields(mapAt(map, [[kind, given]]), schema as z.ZodType<Fields>, 'rows', problems);
  return checked && { kind, value: checked[kind] };
}
