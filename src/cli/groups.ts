import { appendFileSync } from 'node:fs';
import { groupLines, groupMarkdown } from '../report/group.ts';
import { writeAll } from '../report/output.ts';
import { shownAs } from '../study/groups/index.ts';
import type { GroupEvent } from '../study/groups/result.ts';

/** Shows a group: its events as JSON lines among those of its runs, or its result at its end. */
export function groupTeller(json: boolean): { tell(event: GroupEvent): void; done(): Promise<void> } {
  let written: Promise<void> = Promise.resolve();
  const out = (text: string) => {
    written = writeAll(process.stdout, text);
  };
  return {
    tell(event) {
      if (json) out(`${JSON.stringify(event)}\n`);
      else if (event.type === 'group_completed') {
        const { group, result } = event;
        const shown = shownAs(result);
        out(`\n${groupLines(group, result, shown).join('\n')}\n`);
        stepSummary(groupMarkdown(group, result, shown));
      }
    },
    done: () => written,
  };
}

function stepSummary(text: string): void {
  const file = process.env['GITHUB_STEP_SUMMARY'];
  if (process.env['GITHUB_ACTIONS'] !== 'true' || !file) return;
  try {
    appendFileSync(file, text);
  } catch {
    process.stderr.write("warning[step-summary]: GITHUB_STEP_SUMMARY can't be written\n");
  }
}
