import type { AuditEntry } from './audit.ts';
import { classCoverage } from './class-coverage.ts';
import { duplicates } from './duplicates.ts';
import { groups } from './groups.ts';
import { identifiers } from './identifiers.ts';
import { nearDuplicates } from './near-duplicates.ts';
import { singleFeature } from './single-feature.ts';
import { targetCopy } from './target-copy.ts';
import { time } from './time.ts';

export type * from './audit.ts';

/** Checks of the leakage audit, in the order in which they are reported. */
export const audits: ReadonlyMap<string, AuditEntry> = new Map(
  [targetCopy, singleFeature, identifiers, duplicates, nearDuplicates, groups, time, classCoverage].map(
    (entry) => [entry.name, entry],
  ),
);
