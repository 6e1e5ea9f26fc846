import { inputShapes } from '../../catalog/transforms/inputs.ts';
import type { Position } from '../../errors.ts';
import type { DataShape } from '../../readers/raw-data.ts';
import type { Parts, Report } from '../checks/check.ts';
import { checkDecision } from '../checks/decision.ts';
import { checkNames } from '../checks/names.ts';
import { checkShapes } from '../checks/shapes.ts';
import { checkSplit } from '../checks/split.ts';
import { checkTable } from '../checks/table.ts';
import { checkTask } from '../checks/task.ts';
import type { Config } from '../config.ts';
import { LANGUAGE, type Language } from '../language.ts';
import { locate } from '../locate.ts';
import { applyOverride } from '../overrides.ts';
import { readConfigText } from '../read.ts';
import { resolvedText } from '../resolve.ts';
import { Problems } from '../tree/problems.ts';
import { type MapTree, mapAt, type Path, type Tree } from '../tree/tree.ts';
import { found } from '../tree/words.ts';
import { parseYaml } from '../tree/yaml.ts';
import { afterFeatures, describeSource } from './describe-data.ts';

export interface LoadOptions {
  /** Each `path=value`, in the order of the command line; applied before anything is checked. */
  readonly set: readonly string[];
  /** Short for the override `engine=…`; comes before the others. */
  readonly engine?: string;
}

export interface LoadedConfig {
  readonly config: Config;
  /** Target, and shape of one example after the features, where they are known without reading the data. */
  readonly described?: DataShape;
  /** What the user wrote, byte for byte. */
  readonly text: string;
  readonly file: string;
  /** `path=value` that the command line changed, in order. */
  readonly overrides: readonly string[];
  /** Place of a path inside `config`, in the file or in an override. */
  locate(path: Path): Position | undefined;
  /** Text of `config.resolved.yaml`. */
  readonly resolved: string;
}

const CHECKS = [checkTable, checkSplit, checkTask, checkNames, checkDecision, checkShapes];

/**
 * Reads, overrides and validates a config.
 * @throws MlxErrors with every problem at once, in the order of the file; MlxError when the file
 *   can't be read at all
 */
export function loadConfig(file: string, options: LoadOptions, language = LANGUAGE): LoadedConfig {
  const { root } = language;
  const text = readConfigText(file);
  const problems = new Problems(file);
  let tree = parseYaml({ text, file }, problems);
  if (!tree) problems.throwIfAny();
  if (options.engine !== undefined)
    tree = applyOverride(tree!, '--engine', `engine=${options.engine}`, root, problems);
  for (const override of options.set) tree = applyOverride(tree!, '--set', override, root, problems);
  const map = asMap(tree!, problems);
  const valid = map && validate(map, file, language, problems);
  problems.throwIfAny();
  const { config, described } = valid as Validated;
  const frozen = deepFreeze(config);
  return {
    config: frozen,
    ...(described && { described }),
    text,
    file,
    overrides: [...(options.engine === undefined ? [] : [`engine=${options.engine}`]), ...options.set],
    locate: (path) => locate(map!, path, root),
    get resolved() {
      return resolvedText(frozen, language);
    },
  };
}

function asMap(tree: Tree, problems: Problems): MapTree | undefined {
  if (tree.kind === 'map') return tree;
  if (tree.kind === 'scalar' && tree.value === null) return mapAt(tree);
  problems.add('wrong-value', `a config is a map of sections, found ${found(tree)}`, tree.position, {
    help: 'start with `data:` and `architecture:`',
  });
  return undefined;
}

interface Validated {
  readonly config: Config;
  readonly described?: DataShape;
}

/** @returns a whole config when there are no problems */
function validate(
  written: MapTree,
  file: string,
  { root, catalogues }: Language,
  problems: Problems,
): Validated | undefined {
  const top = { parent: written, key: '', path: '', owner: '' };
  const read = root.read(written, top, { file, catalogues, problems, values: new Map() });
  const parts: Parts = { ...read, ...read?.evaluation, data: read?.data ?? {}, catalogues };
  const report: Report = (code, message, path, more) =>
    problems.add(code, message, locate(written, path, root) ?? written.position, more);
  const seed = parts.data.seed ?? read?.seed ?? 0;
  const shape = parts.task ? describeSource(parts, seed, file, report) : undefined;
  const inputs = shape && afterFeatures(parts, inputShapes(shape), report);
  for (const check of CHECKS) check({ ...parts, shape, inputs }, report);
  // Without problems every part is there.
  if (problems.any) return undefined;
  const [first, ...more] = inputs ?? [];
  const described = shape && first && { ...shape, shape: first.shape, ...(more.length > 0 && { more }) };
  return { config: read as Config, ...(described && { described }) };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
