import type { AuditEntry } from './audit.ts';

/**
 * A class that validation or test has no row of: its recall there is unknown, and averages over classes leave
 * it out.
 */
export const classCoverage: AuditEntry = {
  name: 'class_coverage',
  help: 'classes that validation or test has no row of',
  level: 'warn',
  ofTarget: true,
  run({ parts, classes }) {
    if (!classes) return [];
    return (['train', 'validation', 'test'] as const).flatMap((name) => {
      const { count, labels } = parts[name];
      if (count === 0) return [];
      const seen = new Uint8Array(classes.length);
      for (let i = 0; i < count; i++) seen[labels[i]!] = 1;
      const absent = classes.filter((_, i) => !seen[i]);
      if (absent.length === 0) return [];
      const shown = `${absent.slice(0, 5).join(', ')}${absent.length > 5 ? ', …' : ''}`;
      return [
        {
          message: `${name} has no row of ${absent.length === 1 ? 'class' : `${absent.length} classes:`} ${shown}`,
          notes: [`${count} ${name} rows, ${classes.length} classes`],
          help: 'split with `stratify: true`, or give the part more rows',
          path: ['data', 'split'],
          values: { absent: absent.length },
        },
      ];
    });
  },
};
