import type { Catalogues } from '../declare/catalogues.ts';
import { entry, optional } from '../declare/entry.ts';

/** Not a network: `model: { type: kmeans, clusters: 3 }`. Null: the network of the sections below. */
export const model = {
  ...optional(
    entry((catalogues) => catalogues.models, {
      description: 'What learns, in place of architecture, loss, optimizer and schedule.',
    }),
  ),
  available: (catalogues: Catalogues) => catalogues.models.size > 0,
};

/** What a network is made of and `model` stands in place of. */
export const NETWORK = ['architecture', 'loss', 'optimizer', 'schedule'] as const;
