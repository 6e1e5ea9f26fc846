import type { Typed } from '../../catalog/entry.ts';
import { columnsField } from '../../catalog/transforms/fields.ts';
import { transformFallbacks } from '../../catalog/transforms/index.ts';
import type { Catalogues } from '../declare/catalogues.ts';
import { asType } from '../declare/entry.ts';
import { schemaOfOneKey, schemaOfTyped } from '../declare/json-schema.ts';
import { oneLine } from '../declare/layout.ts';
import type { Section } from '../declare/section.ts';
import type { Problems } from '../tree/problems.ts';
import { mapAt, type Tree } from '../tree/tree.ts';
import { checkTyped, type Fields, knownName } from '../tree/typed.ts';
import { listed } from '../tree/words.ts';
import { wrongValue } from '../tree/wrong-value.ts';

/** `kind` is the YAML key (`normalize`), `type` the entry (`standard`). */
type Feature = Typed<Fields> & { readonly kind: string };

/** `- normalize: standard` or `- normalize: { type: standard, … }`: a kind and one of its types, in order. */
export const features: Section<readonly Feature[], readonly (Feature | undefined)[]> = {
  read(written, { path }, { catalogues, problems }) {
    if (!written) return [];
    if (written.kind === 'list') return written.items.map((item) => checkFeature(item, catalogues, problems));
    const help = 'start each one with `- `';
    wrongValue(`\`${path}\``, 'a list of transforms', written, problems, undefined, help);
    return undefined;
  },
  jsonSchema(catalogues) {
    const kinds = [...catalogues.transforms].map(([kind, entries]) => [
      kind,
      schemaOfTyped(entries, { fallback: transformFallbacks.get(kind), shared: columnsField() }),
    ]);
    return {
      description: 'Transforms in order, fitted on the training part only.',
      type: 'array',
      items: schemaOfOneKey(Object.fromEntries(kinds)),
    };
  },
  resolved: (steps) => steps.map(({ kind, ...typed }) => ({ [kind]: oneLine(typed) })),
  child: () => ({ oneKey: true, child: () => ({ expand: asType }) }),
};

function checkFeature(item: Tree, catalogues: Catalogues, problems: Problems): Feature | undefined {
  const kinds = [...catalogues.transforms.keys()];
  const example = '`- normalize: standard`';
  // A kind with a usual type needs no more than its name: `- clip_outliers`.
  if (item.kind === 'scalar' && typeof item.value === 'string') {
    const fallback = transformFallbacks.get(item.value);
    if (fallback !== undefined)
      return checkFeature(mapAt(item, [[item.value, mapAt(item)]]), catalogues, problems);
  }
  if (item.kind !== 'map' || item.entries.size !== 1) {
    if (item.kind === 'scalar' && typeof item.value === 'string' && kinds.includes(item.value)) {
      const types = listed([...catalogues.transforms.get(item.value)!.keys()], 'or');
      problems.add('missing-key', `\`${item.value}\` needs a type`, item.position, {
        help: `add one: ${types}`,
      });
    } else
      problems.add('wrong-value', 'a transform is one kind with its type', item.position, {
        help: `write it like ${example}`,
      });
    return undefined;
  }
  const [kind, value] = [...item.entries][0]!;
  const noun = knownName('transform', kind, value.key ?? value.position, kinds, problems);
  if (noun === undefined) return undefined;
  const entries = catalogues.transforms.get(noun)!;
  const fallback = transformFallbacks.get(noun);
  const typed = checkTyped(value, { noun, entries, fallback, shared: columnsField() }, problems);
  return typed && { kind: noun, ...typed };
}
