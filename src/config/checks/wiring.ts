import { Misfit } from '../../base/misfit.ts';
import { unread, type Wiring, wire } from '../../catalog/layers/wiring.ts';
import type { Layer } from '../sections/architecture.ts';
import { suggest } from '../tree/suggest.ts';
import type { PlacedMisfit } from './placed-misfit.ts';

/**
 * What each node reads, and what is wrong with it: names that aren't there, cycles, nodes and fields that
 * nothing reads.
 * @param fields names of the input fields; left out where only reading the data tells
 * @param whole these are all nodes of the architecture
 */
export function checkWiring(
  layers: readonly Layer[],
  fields: readonly string[] | undefined,
  whole = true,
): { readonly wiring: Wiring; readonly misfits: readonly PlacedMisfit[] } {
  const wiring = wire(layers, fields, suggest);
  const misfits = wiring.problems.map(
    ({ index, misfit, path }): PlacedMisfit => ({ misfit, path: ['architecture', index, ...path] }),
  );
  // A wrong name leaves a node unread that isn't at fault.
  if (!whole || misfits.length > 0) return { wiring, misfits };
  const left = unread(wiring, fields?.length ?? 0);
  return {
    wiring,
    misfits: [
      ...left.nodes.map((index) => ({
        misfit: unreadNode(wiring.names[index]!),
        path: ['architecture', index],
      })),
      ...left.fields.map((index) => ({ misfit: unreadField(fields![index]!), path: ['architecture'] })),
    ],
  };
}

const unreadNode = (name: string): Misfit =>
  new Misfit('unread-node', `nothing reads the output of \`${name}\``, {
    help: `name it in \`inputs\` of a node below, or remove it; the last node is the output`,
  });

const unreadField = (name: string): Misfit =>
  new Misfit('unread-field', `no node reads the field \`${name}\``, {
    help: `write \`inputs: ${name}\` in a node, or leave the field out of the data`,
  });
