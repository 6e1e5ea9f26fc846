import { counted } from '../../base/words.ts';
import type { Lock } from '../../record/index.ts';
import { engineLabel } from '../format.ts';
import { html, table } from '../page/html.ts';
import { titled } from './parts.ts';
import type { RunPage } from './run-page.ts';

export function provenanceSection({ record }: RunPage): string {
  const { lock, name, id } = record;
  const rows = lock ? rowsOf(lock) : [];
  const run = `${name}/${id}`;
  const safe = /^[\w.-]+\/[\w.-]+$/.test(run) ? run : `'${run.replaceAll("'", "'\\''")}'`;
  const commands = `<pre tabindex="0">mlx reproduce ${html(safe)}           <span class="comment"># trains again from the lock and compares, bit for bit</span>
mlx reproduce ${html(safe)} --quick   <span class="comment"># the first 20 steps only</span></pre>`;
  return titled(
    'How to reproduce',
    'lock.json',
    'The same version, platform and engine owe the same bits; elsewhere numbers may depart a little. What differs is named.',
    commands + (rows.length > 0 ? table([], rows, { label: 'environment' }) : ''),
  );
}

function rowsOf(lock: Lock): string[][] {
  const { seed, engine, versions, git, machine, data, config, plan } = lock;
  const hash = (text: string | undefined) => `<code class="hash">${html(text ?? '')}</code>`;
  const known = Object.entries(versions ?? {}).filter(([key, v]) => v && key !== 'lockfile_sha256');
  return [
    ['seed', html(String(seed))],
    ['engine', html([engineLabel(engine), engine.reason].filter(Boolean).join(': '))],
    ['versions', html(known.map(([key, v]) => `${key} ${v}`).join(', '))],
    ['git', git ? html(`${git.commit}${git.dirty ? ', with changes' : ''}`) : '–'],
    [
      'machine',
      html(
        [
          machine?.cpu?.model,
          machine?.cpu && counted(machine.cpu.cores, 'core'),
          machine?.platform,
          machine?.arch,
          machine?.libc,
        ]
          .filter(Boolean)
          .join(', '),
      ),
    ],
    ['config sha256', hash(config?.sha256)],
    ['plan sha256', hash(plan?.sha256)],
    ...Object.entries(data?.splits ?? {}).map(([split, s]) => [
      `${html(split)} split`,
      `${html(counted(s.count, 'example'))} ${hash(s.sha256)}`,
    ]),
  ];
}
