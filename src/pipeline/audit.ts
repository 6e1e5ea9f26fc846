import type { LoadedConfig } from '../config/index.ts';
import { dataError, MlxErrors, type Position } from '../errors.ts';
import type { AuditFinding, AuditResult } from '../protocol/audit-result.ts';
import type { MessageEvent } from '../protocol/events.ts';

/** `audit-target-copy`: a stable code for each check. */
export const auditCode = ({ check }: AuditFinding): string => `audit-${check.replaceAll('_', '-')}`;

export const placeOf = (loaded: LoadedConfig, { path }: AuditFinding): Position | undefined =>
  loaded.locate([...path]) ?? loaded.locate(['data']);

/** Findings as warnings with their places in the config. */
export const auditMessages = (loaded: LoadedConfig, { findings }: AuditResult): MessageEvent[] =>
  findings.map((finding) => {
    const { message: text, notes, help, values } = finding;
    const position = placeOf(loaded, finding);
    return {
      type: 'message',
      level: 'warning',
      code: auditCode(finding),
      text,
      position,
      notes,
      help,
      values,
    };
  });

/** @throws MlxErrors with exit code 3: every finding of a check that the config lets fail */
export function refuseFindings(loaded: LoadedConfig, { findings }: AuditResult): void {
  const failed = findings.filter(({ level }) => level === 'fail');
  if (failed.length === 0) return;
  throw new MlxErrors(
    failed.map((finding) => {
      const { message, notes, help } = finding;
      return dataError(auditCode(finding), message, { position: placeOf(loaded, finding), notes, help });
    }),
  );
}
