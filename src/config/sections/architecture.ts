import * as z from 'zod';
import type { Catalogues } from '../catalogues.ts';
import type { Config } from '../config.ts';
import { wrongValue } from '../fields.ts';
import type { Problems } from '../problems.ts';
import { type MapTree, mapAt, type Tree } from '../tree.ts';
import { checkEntry, knownName, requiredFields } from '../typed.ts';
import { listed } from '../words.ts';
import { nameSchema } from './experiment.ts';

/** Far more than anybody writes by hand; checking stays below a second. */
const MOST_LAYERS = 1000;

export type Layer = Config['architecture'][number];

/** What every layer has beside its own fields. */
export const layerShared = () =>
  z.strictObject({
    name: nameSchema()
      .optional()
      .describe('Name in the plan and in the checkpoint; type and number by default.'),
  });

/** One entry for each item of the list; undefined where an item is wrong. */
export function checkArchitecture(
  tree: Tree | undefined,
  root: MapTree,
  catalogues: Catalogues,
  problems: Problems,
): (Layer | undefined)[] | undefined {
  if (!tree) {
    problems.add('missing-key', '`architecture` is missing', root.position, {
      help: 'add a list of layers, e.g. `architecture: [flatten, dense: { units: 10 }]`',
    });
    return undefined;
  }
  if (tree.kind !== 'list') {
    const help = tree.kind === 'map' ? 'start each layer with `- `' : undefined;
    wrongValue('`architecture`', 'a list of layers', tree, problems, undefined, help);
    return undefined;
  }
  if (tree.items.length === 0) {
    problems.add('wrong-value', '`architecture` has no layers', tree.key ?? tree.position, {
      help: 'add at least one, e.g. `- dense: { units: 10 }`',
    });
    return undefined;
  }
  if (tree.items.length > MOST_LAYERS) {
    const message = `\`architecture\` has ${tree.items.length} layers, at most ${MOST_LAYERS} are read`;
    problems.add('too-large', message, tree.items[MOST_LAYERS]!.position);
    return undefined;
  }
  return tree.items.map((item) => checkLayer(item, catalogues, problems));
}

function checkLayer(item: Tree, catalogues: Catalogues, problems: Problems): Layer | undefined {
  const kind = { noun: 'layer', entries: catalogues.layers, shared: layerShared() };
  if (item.kind === 'scalar' && typeof item.value === 'string')
    return checkEntry(item.value, item, mapAt(item), kind, problems);
  if (item.kind !== 'map') {
    wrongValue('`architecture`', 'a layer such as `dense: { units: 10 }`', item, problems);
    return undefined;
  }
  const [[written, value] = [], ...more] = [...item.entries];
  if (written === undefined || value === undefined) {
    problems.add('wrong-value', 'this layer has no type', item.position, {
      help: 'write `- dense: { units: 10 }`',
    });
    return undefined;
  }
  if (more.length > 0) {
    const names = listed([...item.entries.keys()]);
    problems.add(
      'layer-keys',
      `a layer is one key, its type; found ${names}`,
      more[0]![1].key ?? item.position,
      {
        help:
          written === 'type'
            ? 'write the type as the key: `- dense: { units: 10 }`'
            : `indent the fields below \`${written}:\`, or start each layer with \`- \``,
      },
    );
    return undefined;
  }
  const at = { ...value, position: value.key ?? value.position };
  const type = knownName('layer', written, at.position, [...catalogues.layers.keys()], problems);
  if (type === undefined) return undefined;
  const fields = value.kind === 'scalar' && value.value === null ? mapAt(value) : value;
  if (fields.kind !== 'map') {
    const required = requiredFields(catalogues.layers.get(type)!.schema);
    const help =
      fields.kind === 'scalar' && required.length === 1
        ? `write \`${type}: { ${required[0]}: ${String(fields.value)} }\``
        : undefined;
    wrongValue(`\`${type}\``, 'a map of its fields', fields, problems, undefined, help);
    return undefined;
  }
  return checkEntry(type, at, fields, kind, problems);
}
