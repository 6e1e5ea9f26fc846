import type { Config } from './config.ts';

/** What a config calls the target, for people: a column, or those of the labels. */
export function targetText(target: Config['data']['target'] | undefined, otherwise: string): string {
  if (!target || typeof target === 'string') return target ?? otherwise;
  return 'column' in target ? target.column : target.join(', ');
}
