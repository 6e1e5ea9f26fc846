/** An operation put together wrongly: a bug of whoever built the graph, not of a user. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
}
