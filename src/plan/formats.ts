import type { Plan } from './plan.ts';

/** The whole plan as JSON; typed arrays become plain ones. */
export const planToJson = (plan: Plan): string =>
  `${JSON.stringify(plan, (_, v) => (ArrayBuffer.isView(v) ? Array.from(v as Float32Array) : v), 1)}\n`;

/** Graphviz: the train program's values as boxes, grouped by the layer that they belong to. */
export function planToDot(plan: Plan): string {
  const { graph } = plan.programs.train!;
  const quote = (text: string) => `"${text.replace(/[\\"]/g, '\\$&')}"`;
  const lines = [`digraph ${quote(plan.name)} {`, '  rankdir=TB; node [shape=box, fontname=monospace];'];
  for (const node of graph.nodes) {
    const what = node.op === 'input' ? node.attrs.name : node.op;
    lines.push(
      `  n${node.id} [label=${quote(`${what}\n${node.dtype}[${node.shape.join(', ')}]`)}, group=${quote(node.scope)}];`,
    );
    for (const id of node.inputs) lines.push(`  n${id} -> n${node.id};`);
  }
  for (const [i, { name, value }] of graph.outputs.entries())
    lines.push(`  o${i} [label=${quote(name)}, shape=ellipse];`, `  n${value} -> o${i};`);
  return `${lines.join('\n')}\n}\n`;
}
