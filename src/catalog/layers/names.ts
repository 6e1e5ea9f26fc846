import { Misfit } from '../../base/misfit.ts';

export interface NamedLayer {
  readonly type: string;
  readonly name?: string;
}

/**
 * Names by place in the list, and the first place whose name was taken already: `conv2d_1`, `dense_1`,
 * `dense_2`, type and place among its type, unless the user named it. Naming one layer renames no other.
 */
export function nameLayers(layers: readonly NamedLayer[]): { names: string[]; duplicate?: number } {
  const counts = new Map<string, number>();
  const names = layers.map(({ type, name }) => {
    const count = (counts.get(type) ?? 0) + 1;
    counts.set(type, count);
    return name ?? `${type}_${count}`;
  });
  const duplicate = names.findIndex((name, i) => names.indexOf(name) !== i);
  return duplicate < 0 ? { names } : { names, duplicate };
}

export const duplicateName = (name: string): Misfit =>
  new Misfit('duplicate-name', `two layers are called \`${name}\``, {
    field: 'name',
    help: 'give one of them another name',
  });
