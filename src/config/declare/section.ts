import type { JsonSchema } from '../tree/describe.ts';
import type { Problems } from '../tree/problems.ts';
import type { MapTree, Path, Tree } from '../tree/tree.ts';
import type { Catalogues } from './catalogues.ts';

/**
 * A part of the YAML, declared once. Validation, the `Config` type, the JSON Schema, the resolved text, what
 * `--set` may open and the reference all follow from the declaration.
 *
 * `T` is the value in a valid config, `P` what can be read of a config with errors: in a group the members
 * that are valid, in a list `undefined` for each item that is wrong.
 */
export interface Section<T, P = T> extends Outline {
  /**
   * @param written what the file holds under the key; undefined when the key is absent
   * @returns the value with all defaults; undefined when something in it is wrong, which is reported
   */
  read(written: Tree | undefined, place: Place, context: Context): P | undefined;
  /** What may be written here. */
  jsonSchema(catalogues: Catalogues): JsonSchema;
  /**
   * The value as it stands in `config.resolved.yaml`: plain data, or a YAML node where the layout matters.
   */
  resolved(value: T): unknown;
  /** Every config has it; the help says what to add. */
  readonly required?: { help(catalogues: Catalogues): string };
  /** False while there is nothing that it could name; the key is unknown then. */
  available?(catalogues: Catalogues): boolean;
}

/** How a section is built, for `--set` and for places in the file. */
export interface Outline {
  /** The section below it: by key in a group, by number in a list. */
  child?(step: string | number): Outline | undefined;
  /** What a bare name stands for: `adam` for `{ type: adam }`. */
  expand?(name: Tree): [string, Tree][];
  /** It is a map of one key, the type, with the fields below: a layer, a transform. */
  readonly oneKey?: true;
}

// biome-ignore lint/suspicious/noExplicitAny: members of a group differ in their values
export type AnySection = Section<any, any>;

export type ValueOf<S> = S extends Section<infer T, infer _> ? T : never;
export type ReadOf<S> = S extends Section<infer _, infer P> ? P : never;

/** What stands at a path, as far as the outline goes. */
export const outlineAt = (outline: Outline, path: Path): Outline | undefined =>
  path.reduce<Outline | undefined>((at, step) => at?.child?.(step), outline);

/** Where a section stands. */
export interface Place {
  readonly parent: MapTree;
  readonly key: string;
  /** Keys from the top, with dots: `data.split`. */
  readonly path: string;
  /** What the section belongs to, for messages: `data`, `the config`. */
  readonly owner: string;
}

/** What all sections of one config share while it is read. */
export interface Context {
  readonly file: string;
  readonly catalogues: Catalogues;
  readonly problems: Problems;
  /** What was read so far, by section. */
  readonly values: Map<AnySection, unknown>;
}

/** The value of a section that stands above; undefined when it is wrong. */
export const valueAbove = <T, P>(section: Section<T, P>, { values }: Context): P | undefined =>
  values.get(section) as P | undefined;

/** The same section with a last step after reading: a default that depends on others, a check. */
export const finish = <T, P, U>(
  section: Section<T, P>,
  last: (value: P | undefined, written: Tree | undefined, place: Place, context: Context) => U | undefined,
): Section<U> => ({
  ...section,
  read: (written, place, context) => last(section.read(written, place, context), written, place, context),
  resolved: (value) => section.resolved(value as unknown as T),
});

/** What zod infers, which nobody may change. */
export type DeepReadonly<T> = T extends readonly (infer E)[]
  ? readonly DeepReadonly<E>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;
