import { counted } from '../../base/words.ts';
import { type DatasetExhibit, exhibitOf } from '../../protocol/exhibits.ts';
import { count, metric } from '../format.ts';
import { cut, html, table } from '../page/html.ts';
import { percent, titled } from './parts.ts';
import type { RunPage } from './run-page.ts';

const MOST_CLASSES = 40;

export function dataSection({ record, exhibits }: RunPage): string {
  const data = exhibitOf(exhibits, 'dataset');
  const files = record.lock?.data?.files ?? [];
  if (!data && files.length === 0) return '';
  const body: string[] = [];
  if (data) {
    const { rows, raw, shape, counts, numbers, columns, column_count, features } = data;
    const parts = (['train', 'validation', 'test'] as const)
      .filter((part) => rows[part] > 0)
      .map((part) => `${count(rows[part])} ${part}`);
    const size = (of: readonly number[]) => of.map((n) => count(n)).join(' × ');
    body.push(
      `<p>${html(data.source)}: ${parts.join(', ')} examples of ${raw.length === 1 ? counted(raw[0]!, 'number') : `${size(raw)} numbers`}${size(raw) === size(shape) ? '' : `, ${size(shape)} after the features`}; the target is <b>${html(data.target)}</b>.</p>`,
    );
    if (counts) body.push(countsTable(counts));
    if (numbers)
      body.push(
        `<p>${numbers.map((n) => `${html(n.name)}: mean ${metric(n.mean)}, standard deviation ${metric(n.std)} in training`).join('; ')}.</p>`,
      );
    const balance = record.result?.balance;
    if (balance)
      body.push(`<p>Classes of the training part were balanced by <code>${html(balance.type)}</code>.</p>`);
    if (features.length > 0)
      body.push(
        `<h3>Features</h3><p class="soft">Each step learned from the training examples alone.</p><ol>${features.map((f) => `<li><code>${html(f.step)}</code> <span class="soft">${html(f.summary)}</span></li>`).join('')}</ol>`,
      );
    if (columns)
      body.push(
        `<details><summary>${counted(column_count ?? columns.length, 'column')}</summary><p>${columns.map((c) => `${html(c.name)} <span class="soft">${html(c.kind)}</span>`).join(', ')}${(column_count ?? 0) > columns.length ? ', …' : ''}</p></details>`,
      );
  }
  if (files.length > 0)
    body.push(
      `<h3>Files</h3>${table(
        ['file', 'bytes', 'sha256'],
        files
          .slice(0, 50)
          .map((f) => [html(f.name), count(f.bytes), `<code class="hash">${html(f.sha256)}</code>`]),
        { numeric: [1], label: 'data files' },
      )}`,
    );
  return titled('Data', 'lock.json, exhibits.json', '', body.join('\n'));
}

function countsTable({ noun, names, train, of }: NonNullable<DatasetExhibit['counts']>): string {
  const total = Math.max(1, of);
  const rows = names
    .slice(0, MOST_CLASSES)
    .map((name, k) => [html(cut(name, 60)), count(train[k] ?? 0), percent((train[k] ?? 0) / total)]);
  const more =
    names.length > MOST_CLASSES ? `<p class="soft">and ${count(names.length - MOST_CLASSES)} more</p>` : '';
  return `<div class="tight">${table([html(noun), 'training examples', 'share'], rows, { numeric: [1, 2], label: `training examples of each ${noun}` })}</div>${more}`;
}
