import { Transform } from 'ink';
import type { ReactElement } from 'react';

/**
 * Finished lines of text, none wider than its place. Ink measures, and keeps for ever, each text that it
 * is given; so it gets a constant text with as many lines, and ours in its place when it writes.
 */
export function Lines({ lines }: { readonly lines: readonly string[] }): ReactElement | null {
  if (lines.length === 0) return null;
  return <Transform transform={(_, i) => lines[i] ?? ''}>{lines.map(() => '.').join('\n')}</Transform>;
}
