/** A wrong operation or graph: a fault of the code that built it, not of a user. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
}
