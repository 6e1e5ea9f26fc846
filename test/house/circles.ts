/** Edges of a directed graph: from a name to the names that it needs. */
export type Edges = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The circles of a graph: its strongly connected components of more than one node, each sorted.
 * R. Tarjan, Depth-first search and linear graph algorithms, SIAM J. Comput. 1 (1972).
 */
export function circles(edges: Edges): string[][] {
  const order = new Map<string, number>();
  const stack: string[] = [];
  const open = new Set<string>();
  const found: string[][] = [];
  const visit = (node: string): number => {
    const index = order.size;
    order.set(node, index);
    let least = index;
    stack.push(node);
    open.add(node);
    for (const next of edges.get(node) ?? [])
      if (!order.has(next)) least = Math.min(least, visit(next));
      else if (open.has(next)) least = Math.min(least, order.get(next)!);
    if (least === index) {
      const part = stack.splice(stack.indexOf(node));
      for (const each of part) open.delete(each);
      if (part.length > 1) found.push(part.sort());
    }
    return least;
  };
  for (const node of edges.keys()) if (!order.has(node)) visit(node);
  return found.sort((a, b) => (a[0]! < b[0]! ? -1 : 1));
}

/** Edges by name; from a node to itself there is none. */
export function edgesOf(pairs: Iterable<readonly [from: string, to: string]>): Edges {
  const edges = new Map<string, Set<string>>();
  for (const [from, to] of pairs) {
    if (!edges.has(from)) edges.set(from, new Set());
    if (from !== to) edges.get(from)!.add(to);
  }
  return edges;
}
