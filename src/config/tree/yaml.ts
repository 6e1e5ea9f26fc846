import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLError } from 'yaml';
import type { Position } from '../../errors.ts';
import { DEEPEST, nestedTooDeep } from './nesting.ts';
import type { Problems } from './problems.ts';
import { type Place, placer, type YamlSource } from './text-place.ts';
import { mapAt, type Tree } from './tree.ts';
import { shown } from './words.ts';

/** After aliases: bounds time and memory for any file of 1 MiB. */
const MOST_VALUES = 300_000;
const MOST_SYNTAX_ERRORS = 20;
const REFUSED_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const TAGS = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((t) => `tag:yaml.org,2002:${t}`),
);

/**
 * YAML 1.2 (core schema) to a tree with positions. What could surprise is an error: duplicate keys,
 * unknown tags, numbers that a double can't hold, merge keys, several documents, bottomless nesting.
 * @returns undefined when the text isn't usable; problems say why. Empty text is an empty map.
 */
export function parseYaml(source: YamlSource, problems: Problems): Tree | undefined {
  const text = source.text.startsWith('\ufeff') ? source.text.slice(1) : source.text;
  const place = placer(text, source);
  const deep = nestedTooDeep(text);
  const nesting = (offset: number) =>
    problems.add('yaml', `nested more than ${DEEPEST} levels deep`, place(offset, offset + 1));
  if (deep !== undefined) {
    nesting(deep);
    return undefined;
  }
  let document: ReturnType<typeof parseDocument>;
  try {
    document = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      // Found below: the parser's own check takes quadratic time.
      uniqueKeys: false,
      resolveKnownTags: false,
      intAsBigInt: true,
      prettyErrors: false,
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    nesting(0);
    return undefined;
  }
  const before = document.errors.length;
  for (const error of document.errors.slice(0, MOST_SYNTAX_ERRORS))
    problems.add('yaml', sentence(error), place(...error.pos), { help: HELP[error.code] });
  const { yaml } = document.directives ?? {};
  if (yaml?.explicit && yaml.version !== '1.2')
    problems.add('yaml', `YAML ${yaml.version} means other things by \`yes\` and \`on\``, place(0, 1), {
      help: 'remove the line `%YAML`',
    });
  for (const warning of document.warnings)
    if (warning.code === 'BAD_DIRECTIVE') problems.add('yaml', 'unknown directive', place(...warning.pos));
  if (before > 0) return undefined;
  try {
    return toTree(document.contents, place, problems);
  } catch (error) {
    if (error !== STOP) throw error;
    return undefined;
  }
}

const STOP = Symbol('stop');

function toTree(root: Node | null, place: Place, problems: Problems): Tree {
  let values = 0;
  /** Nodes by anchor, as far as the document is read; and what each alias was found to mean. */
  const anchors = new Map<string, Node>();
  const targets = new Map<Node, Node>();
  const at = (node: Node | null | undefined): Position => place(node?.range?.[0] ?? 0, node?.range?.[1] ?? 0);

  function convert(node: Node | null | undefined, key: Position | undefined, depth: number): Tree {
    // Nothing after the colon: the key is what can be seen.
    const empty = !node?.range || (isScalar(node) && node.range[0] === node.range[1]);
    const position = empty ? (key ?? at(node)) : at(node);
    if (++values > MOST_VALUES) {
      problems.add('yaml', `more than ${MOST_VALUES} values, aliases counted where they are used`, position);
      throw STOP;
    }
    if (depth > DEEPEST) {
      problems.add('yaml', `nested more than ${DEEPEST} levels deep`, position);
      throw STOP;
    }
    if (isAlias(node)) {
      const target = targets.get(node) ?? anchors.get(node.source);
      if (target) targets.set(node, target);
      else problems.add('yaml', `there is no anchor \`&${shown(node.source)}\` above`, position);
      return convert(target, key, depth + 1);
    }
    if (node?.anchor) anchors.set(node.anchor, node);
    if (node?.tag && !TAGS.has(node.tag))
      problems.add(
        'yaml',
        `unknown tag \`${shown(node.tag.replace('tag:yaml.org,2002:', '!!'))}\``,
        position,
        {
          help: 'remove the tag; a config is plain data',
        },
      );
    if (isMap(node)) {
      const entries = node.items.flatMap((pair) => entry(pair as Pair<Node, Node | null>, depth));
      return mapAt({ position, key }, unique(entries));
    }
    if (isSeq(node)) {
      const items = node.items.map((item) => convert(item as Node, undefined, depth + 1));
      return { kind: 'list', position, key, items };
    }
    const value = isScalar(node) ? scalar(node.value, node.source ?? '', position) : null;
    return { kind: 'scalar', position, key, value };
  }

  function entry(pair: Pair<Node, Node | null>, depth: number): [string, Tree][] {
    const where = pair.key?.range ? at(pair.key) : at(pair.value);
    const name = isScalar(pair.key) ? pair.key.value : undefined;
    if (typeof name !== 'string') {
      problems.add('yaml', 'keys must be plain text', where, { help: 'put the key in quotes' });
      return [];
    }
    if (name === '<<') {
      problems.add('yaml', 'merge keys (`<<`) are not read', where, { help: 'write the fields out' });
      return [];
    }
    if (REFUSED_KEYS.has(name)) {
      problems.add('yaml', `\`${name}\` is not allowed as a key`, where, { help: 'remove it' });
      return [];
    }
    return [[name, convert(pair.value, where, depth + 1)]];
  }

  function unique(entries: [string, Tree][]): [string, Tree][] {
    const first = new Map<string, Tree>();
    for (const [name, tree] of entries) {
      const earlier = first.get(name);
      if (!earlier) first.set(name, tree);
      else
        problems.add('duplicate-key', `\`${shown(name)}\` stands here twice`, tree.key ?? tree.position, {
          help: `remove one; the first is in line ${(earlier.key ?? earlier.position).line}`,
        });
    }
    return [...first];
  }

  function scalar(value: unknown, source: string, position: Position): string | number | boolean | null {
    if (typeof value === 'bigint') {
      const number = Number(value);
      if (!Number.isSafeInteger(number))
        problems.add('yaml', `${shown(String(value))} is too large for an exact number`, position, {
          help: 'the largest is 9007199254740991 (2^53 - 1)',
        });
      return number;
    }
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (value === 0 && /^[-+.0]*[1-9]/.test(source))
      problems.add('yaml', `${shown(source)} is too small for a number: it would be 0`, position);
    // A minus before 0 means nothing here.
    if (typeof value === 'number' && Number.isFinite(value)) return value === 0 ? 0 : value;
    problems.add(
      'yaml',
      `${typeof value === 'number' ? value : 'this'} is no number to compute with`,
      position,
    );
    return null;
  }

  return root ? convert(root, undefined, 0) : mapAt({ position: place(0, 0) });
}

const HELP: Partial<Record<YAMLError['code'], string>> = {
  TAB_AS_INDENT: 'indent with spaces',
  BAD_INDENT: 'give all keys of one map the same indentation',
  MULTIPLE_DOCS: 'one file is one experiment: remove everything from the second `---` on',
  BAD_SCALAR_START: 'put the text in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'put a text that contains `: ` in quotes',
  MULTILINE_IMPLICIT_KEY: 'end the key with `:` on its own line',
};

function sentence(error: YAMLError): string {
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return 'a tab in the indentation';
    case 'MULTIPLE_DOCS':
      return 'the file has more than one document';
    case 'RESOURCE_EXHAUSTION':
      return `nested more than ${DEEPEST} levels deep`;
    default: {
      const text = shown80(error.message);
      return `not valid YAML: ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
    }
  }
}

const shown80 = (text: string) =>
  text
    .slice(0, 160)
    .split(/(.{40})/)
    .map(shown)
    .join('');
