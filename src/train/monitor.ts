/** What "best" refers to: the asked-for quantity, else validation loss, else training loss. */
export function monitorOf(
  asked: string | null,
  hasValidation: boolean,
  metrics: ReadonlyMap<string, { readonly direction: 'higher' | 'lower' }>,
): { monitor: string; direction: 'higher' | 'lower' } {
  const monitor = asked ?? (hasValidation ? 'val_loss' : 'loss');
  return { monitor, direction: metrics.get(monitor.replace(/^val_/, ''))?.direction ?? 'lower' };
}

/**
 * Metrics that validation is scored with after each epoch: the config's, and those that something watches.
 */
export function watchedMetrics(
  listed: readonly string[],
  watched: readonly (string | null | undefined)[],
  metrics: ReadonlyMap<string, unknown>,
): string[] {
  const names = watched.flatMap((name) => /^val_(\w+)/.exec(name?.trim() ?? '')?.[1] ?? []);
  return [...new Set([...listed, ...names.filter((name) => metrics.has(name))])];
}
