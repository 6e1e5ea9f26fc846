import { Document } from 'yaml';
import type { Config } from './config.ts';
import { root } from './sections/index.ts';

/**
 * Text of `config.resolved.yaml`: the surface syntax with every default in place. Loading it gives
 * the same config.
 */
export function resolvedText(config: Config): string {
  const document = new Document(undefined, { version: '1.2', aliasDuplicateObjects: false });
  document.contents = document.createNode(root.resolved(config));
  return document.toString({ lineWidth: 0 });
}
