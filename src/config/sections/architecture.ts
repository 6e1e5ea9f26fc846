import * as z from 'zod';
import type { Typed } from '../../catalog/entry.ts';
import type { WiredLayer } from '../../catalog/layers/wiring.ts';
import type { Catalogues } from '../declare/catalogues.ts';
import { schemaOfFields, schemaOfStep, withFields } from '../declare/json-schema.ts';
import { oneLine } from '../declare/layout.ts';
import type { Section } from '../declare/section.ts';
import type { Problems } from '../tree/problems.ts';
import { mapAt, type Tree } from '../tree/tree.ts';
import { checkEntry, type Fields, knownName, requiredFields } from '../tree/typed.ts';
import { listed } from '../tree/words.ts';
import { wrongValue } from '../tree/wrong-value.ts';
import { nameSchema } from './experiment.ts';

/** Far more than anybody writes by hand; checking stays below a second. */
const MOST_LAYERS = 1000;

export type Layer = Typed<Fields> & WiredLayer;

/** What every layer has beside its own fields. */
const layerShared = () =>
  z.strictObject({
    name: nameSchema()
      .optional()
      .describe('Name in the plan and in the checkpoint; type and number by default.'),
    inputs: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
      .optional()
      .describe(
        'What it reads: the name of a node above it or of a field, or several; the node above by default.',
      ),
    trainable: z
      .boolean()
      .optional()
      .describe(
        'False: training leaves its weights as they start, and its moving statistics; true by default.',
      ),
    weights: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Safetensors file, relative to the config, that its weights start from: a checkpoint of a run, for example. Tensors are named `<layer>/kernel`; by default initializers make them.',
      ),
  });

/** Layers in order, each a name or one key with its fields. */
export const architecture: Section<readonly Layer[], readonly (Layer | undefined)[]> = {
  read: (written, _, { catalogues, problems }) => written && checkArchitecture(written, catalogues, problems),
  jsonSchema: (catalogues) => ({
    description: 'Layers in order; each is one key with its fields.',
    type: 'array',
    minItems: 1,
    items: schemaOfStep(catalogues.layers, ({ schema }) => withFields(schemaOfFields(schema), layerShared())),
  }),
  resolved: (layers) => layers.map(({ type, ...fields }) => ({ [type]: oneLine(fields) })),
  required: {
    help: ({ models }) =>
      `add a list of layers, e.g. \`architecture: [flatten, dense: { units: 10 }]\`${models.size > 0 ? ', or a `model`' : ''}`,
  },
  child: () => ({ oneKey: true }),
};

/** One entry for each item of the list; undefined where an item is wrong. */
function checkArchitecture(
  tree: Tree,
  catalogues: Catalogues,
  problems: Problems,
): (Layer | undefined)[] | undefined {
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
