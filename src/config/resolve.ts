import { Document } from 'yaml';
import type { Config, NetworkConfig } from './config.ts';
import { LANGUAGE } from './language.ts';

/**
 * Text of `config.resolved.yaml`: the surface syntax with every default in place. Loading it gives
 * the same config.
 */
export function resolvedText(config: Config, { root } = LANGUAGE): string {
  const document = new Document(undefined, { version: '1.2', aliasDuplicateObjects: false });
  // A model's config lacks the sections of a network, which the group leaves out.
  document.contents = document.createNode(root.resolved(config as NetworkConfig));
  return document.toString({ lineWidth: 0 });
}
