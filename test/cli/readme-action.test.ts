import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { config, mlx, root, runFolder, scratch } from './mlx.ts';

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly if?: string;
}

/** The workflow that README offers. */
function stepsOfReadme(): Step[] {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const [, text] = /```yaml\n(# \.github\/workflows\/experiment\.yml\n.*?)```/s.exec(readme) ?? [];
  return parse(text!).jobs.penguins.steps;
}

/** A repository as the workflow expects it, in which `npm ci` has nothing left to do. */
async function repository(): Promise<string> {
  const home = scratch();
  for (const folder of ['configs', 'data/penguins']) {
    mkdirSync(join(home, folder), { recursive: true });
    cpSync(join(root, folder), join(home, folder), { recursive: true });
  }
  const bin = join(home, 'node_modules/.bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(join(root, 'bin/mlx.js'), join(bin, 'mlx'));
  mkdirSync(join(home, 'tools'));
  writeFileSync(join(home, 'tools/npm'), '#!/bin/sh\n[ "$*" = ci ]\n', { mode: 0o755 });
  writeFileSync(
    join(home, 'tools/npx'),
    '#!/bin/sh\ntool=$1; shift; exec node "node_modules/.bin/$tool" "$@"\n',
    {
      mode: 0o755,
    },
  );
  const { code, stderr } = await mlx(['run', config('penguins.yaml'), '--experiments', join(home, 'first')]);
  expect(code, stderr).toBe(0);
  cpSync(runFolder(join(home, 'first'), 'penguins'), join(home, 'baseline/penguins'), { recursive: true });
  return home;
}

/** As a runner does: each step in a shell of its own, after a failure only those that always run. */
function follow(home: string, change: (script: string) => string = (script) => script) {
  const summary = join(home, 'summary.md');
  const ended: Record<string, number | null> = {};
  let failed = false;
  for (const { name, run, if: when } of stepsOfReadme()) {
    if (run === undefined || (failed && when !== 'always()')) continue;
    const { status, stderr } = spawnSync(
      'bash',
      ['--noprofile', '--norc', '-eo', 'pipefail', '-c', change(run)],
      {
        cwd: home,
        encoding: 'utf8',
        env: {
          ...process.env,
          CI: 'true',
          GITHUB_STEP_SUMMARY: summary,
          PATH: `${join(home, 'tools')}:${process.env['PATH']}`,
        },
      },
    );
    expect(stderr).not.toMatch(/\n\s+at /);
    ended[name ?? run] = status;
    failed ||= status !== 0;
  }
  return {
    ended,
    summary: readFileSync(summary, 'utf8'),
    junit: readFileSync(join(home, 'gates.xml'), 'utf8'),
  };
}

it('README’s workflow for GitHub Actions passes an unchanged experiment', async () => {
  const { ended, summary, junit } = follow(await repository());
  expect(ended).toEqual({ 'npm ci': 0, train: 0, gates: 0, compare: 0, repeat: 0 });
  expect(summary).toContain('### mlx check-run: passed');
  expect(summary).toContain('<!-- mlx-compare -->');
  expect(junit).toMatch(/tests="4" failures="0"/);
});

it('and stops one that got worse, with the reason in the summary', async () => {
  const worse = '--set optimizer.learning_rate=0.0001 --set expect=[] --experiments';
  const { ended, summary, junit } = follow(await repository(), (script) =>
    script.replace('--experiments', worse),
  );
  expect(ended).toEqual({ 'npm ci': 0, train: 0, gates: 1, compare: 0 });
  expect(summary).toContain('### mlx check-run: failed');
  expect(junit).toMatch(/tests="3" failures="1"/);
});
