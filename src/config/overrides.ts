import type { Position } from '../errors.ts';
import { type Outline, outlineAt } from './declare/section.ts';
import type { Problems } from './tree/problems.ts';
import { mapAt, type Path, type Tree } from './tree/tree.ts';
import { shown } from './tree/words.ts';
import { parseYaml } from './tree/yaml.ts';

const REFUSED = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Applies `a.b.0.c=value` to the tree, before anything is checked, so that overrides pass through
 * the same validation. Positions point into the override's text: file `--set a.b=1`, line 1, columns
 * counted from the start of `a.b=1`.
 */
export function applyOverride(
  tree: Tree,
  flag: '--set' | '--engine',
  text: string,
  outline: Outline,
  problems: Problems,
): Tree {
  const shownText = flag === '--engine' ? text.slice('engine='.length) : text;
  const file = `${flag} ${shownText}`;
  problems.addSource(file);
  const at = (start: number, length: number): Position => ({
    file,
    line: 1,
    column: Math.max(0, start - (text.length - shownText.length)) + 1,
    length: Math.max(1, length),
  });
  const equals = text.indexOf('=');
  if (equals < 0) {
    const help = 'write `--set path=value`, e.g. `--set optimizer.learning_rate=0.01`';
    problems.add('override', `\`${shown(text)}\` has no \`=\``, at(0, text.length), { help });
    return tree;
  }
  const steps = text.slice(0, equals).split('.');
  const bad = steps.find((step) => step === '' || step !== step.trim() || REFUSED.has(step));
  if (bad !== undefined) {
    const what = equals === 0 ? 'names no field before the `=`' : `has the path step "${shown(bad)}"`;
    problems.add('override', `\`${shown(text)}\` ${what}`, at(0, Math.max(1, equals)), {
      help: 'write the keys from the top, with dots between them',
    });
    return tree;
  }
  const source = text.slice(equals + 1);
  const shift = equals + 1 - (text.length - shownText.length);
  const parsed = source.trim() === '' ? undefined : parseYaml({ text: source, file, shift }, problems);
  if (!parsed && source.trim() !== '') return tree;
  const value: Tree = {
    ...(parsed ?? { kind: 'scalar', value: null, position: at(equals + 1, 1) }),
    key: at(0, equals),
  };
  return put(tree, [], 0);

  function put(here: Tree | undefined, path: Path, i: number): Tree {
    if (i === steps.length) return { ...value, key: here?.key && path.length === 0 ? here.key : value.key };
    const step = steps[i]!;
    const start = steps.slice(0, i).join('.').length + (i > 0 ? 1 : 0);
    const tree =
      opened(here, step, outlineAt(outline, path)) ??
      absent({ position: at(start, step.length), key: at(0, equals) }, step);
    if (tree.kind === 'map') {
      const entries = new Map(tree.entries);
      entries.set(step, put(entries.get(step), [...path, step], i + 1));
      return { ...tree, entries };
    }
    const name = `\`${path.join('.')}\``;
    if (tree.kind === 'scalar') {
      problems.add(
        'override',
        `${name} is a single value, it has no \`${shown(step)}\``,
        at(start, step.length),
      );
      return tree;
    }
    const index = /^\d+$/.test(step) ? Number(step) : -1;
    if (index < 0 || index > tree.items.length || (index === tree.items.length && i < steps.length - 1)) {
      const count = tree.items.length;
      const found = index < 0 ? `"${shown(step)}" is no place in it` : `there is no item ${step}`;
      problems.add('override', `${name} is a list of ${count}: ${found}`, at(start, step.length), {
        help:
          count > 0 ? `items are counted from 0 to ${count - 1}; ${count} adds one` : 'item 0 adds the first',
      });
      return tree;
    }
    const items = [...tree.items];
    items[index] = put(items[index], [...path, index], i + 1);
    return { ...tree, items };
  }
}

/** What a path makes where nothing is yet: a list for its first item, else a map. */
function absent(at: { position: Position; key: Position }, step: string): Tree {
  return step === '0' ? { kind: 'list', items: [], ...at } : mapAt(at);
}

/** A shorthand as the map it stands for, where a path goes on inside it. */
function opened(tree: Tree | undefined, step: string, section: Outline | undefined): Tree | undefined {
  if (tree?.kind !== 'scalar') return tree;
  if (tree.value === null) return mapAt(tree);
  if (typeof tree.value !== 'string') return tree;
  if (tree.value === step) return mapAt(tree, [[step, mapAt({ ...tree, key: tree.position })]]);
  return section?.expand ? mapAt(tree, section.expand(tree)) : tree;
}
