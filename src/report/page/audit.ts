import type { AuditResult } from '../../protocol/audit-result.ts';
import { html } from './html.ts';
import { section } from './page.ts';

/** What the leakage audit looked for, and found. */
export function auditSection(audit: AuditResult): string {
  const checks = audit.checks.map((check) => html(check.replaceAll('_', ' '))).join(', ');
  const notes = audit.findings.map(
    ({ check, level, message, notes: more, help }) =>
      `<div class="note"><p><b>${html(check.replaceAll('_', ' '))}</b> (${html(level)}): ${html(message)}</p>${more.map((note) => `<p class="soft">${html(note)}</p>`).join('')}<p>Help: ${html(help)}</p></div>`,
  );
  const body = notes.length > 0 ? notes.join('\n') : '<p>Nothing found.</p>';
  return section('Leakage audit', `What would make test scores too good: ${checks}.`, body);
}
