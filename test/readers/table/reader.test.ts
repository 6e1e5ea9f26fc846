import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { rowSteps } from '../../../src/catalog/rows/index.ts';
import { EXIT } from '../../../src/errors.ts';
import { namedScratch, received, sent } from '../../../src/readers/table/hand-over.ts';
import { openReader } from '../../../src/readers/table/reader.ts';
import type { TableTask } from '../../../src/readers/table/table-task.ts';
import { context, failure, folder } from '../helpers.ts';

const task = { make: 'rows', ctx: context() } as unknown as TableTask;

/** A process that does something else than its task. */
async function asked(program: string) {
  const path = folder();
  writeFileSync(join(path, 'child.mjs'), program);
  const reader = openReader(rowSteps, pathToFileURL(join(path, 'child.mjs')));
  try {
    return await reader.perform(task, namedScratch(path));
  } finally {
    reader.close();
  }
}
const onTask = (work: string) => `process.once('message', () => { ${work} });`;

describe('the process that reads tables', () => {
  it.each([
    [
      'a crash of native code',
      onTask("process.kill(process.pid, 'SIGSEGV')"),
      /ended with SIGSEGV/,
      /damaged/,
    ],
    [
      'the want of memory',
      onTask("process.kill(process.pid, 'SIGKILL')"),
      /was killed \(SIGKILL\).*memory/,
      /sample rows/,
    ],
    ['an end by itself', onTask('process.exit(7)'), /ended with exit code 7/, /damaged/],
    ['an end before its task', 'process.exit(8)', /exit code 8|can't be reached/, /./],
  ])('%s: an error like others', async (_, program, message, help) => {
    const error = await failure(() => asked(program));
    expect(error).toMatchObject({ code: 'table-crash', exit: EXIT.data });
    expect(error.message).toMatch(message);
    expect(error.details.help).toMatch(help);
    expect(error.details.path).toEqual(['data', 'source']);
  });

  it('tells the first words of a crash', async () => {
    const error = await failure(() =>
      asked(onTask("console.error('a\\nterminate called'); process.abort()")),
    );
    expect(error.details.notes!.slice(0, 2)).toEqual(['a', 'terminate called']);
  });

  it('hands errors over as they are, and bugs with their stack', async () => {
    const told = { code: 'no-rows', message: 'none', exit: 3, details: { path: ['data', 'rows', 0] } };
    const error = await failure(() => asked(onTask(`process.send(${JSON.stringify(told)})`)));
    expect(error).toMatchObject(told);
    await expect(asked(onTask("process.send({ bug: 'Error: x\\n at y' })"))).rejects.toThrow('at y');
  });
});

it('arrays go through files of the scratch folder, which lose their names', () => {
  const scratch = namedScratch(folder());
  const made = {
    shape: [2],
    target: { kind: 'number' as const, columns: ['y'] },
    count: 2,
    x: Float32Array.of(1, Number.NaN, 3, 4),
    y: Float32Array.of(5, 6),
    ids: Uint32Array.of(0, 9),
  };
  expect(received(sent(made, scratch))).toEqual(made);
});
