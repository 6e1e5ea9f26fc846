/** What "best" refers to: the asked-for quantity, else validation loss, else training loss. */
export function monitorOf(
  asked: string | null,
  hasValidation: boolean,
  metrics: ReadonlyMap<string, { readonly direction: 'higher' | 'lower' }>,
): { monitor: string; direction: 'higher' | 'lower' } {
  const monitor = asked ?? (hasValidation ? 'val_loss' : 'loss');
  return { monitor, direction: metrics.get(monitor.replace(/^val_/, ''))?.direction ?? 'lower' };
}
