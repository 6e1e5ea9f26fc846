import { taskOf } from '../../catalog/tasks/index.ts';
import type { Check } from './check.ts';

/** Column kinds, row steps and splits by a column need a source that reads tables. */
export const checkTable: Check = ({ task, data, catalogues }, report) => {
  const entry = data.source && catalogues.sources.get(data.source.type);
  if (!entry || entry.table) return;
  const tables = [...catalogues.sources.values()].filter((source) => source.table).map(({ name }) => name);
  const help = `remove it, or take a source that reads tables: ${tables.join(', ')}`;
  const refuse = (what: string, path: (string | number)[]) =>
    report('no-table', `${what} is for tables; \`${entry.name}\` has none`, path, { help });
  if (data.columns && Object.keys(data.columns).length > 0) refuse('`columns`', ['data', 'columns']);
  if (data.rows && data.rows.length > 0) refuse('`rows`', ['data', 'rows']);
  if (task && taskOf(task).several) refuse(task, ['task']);
  const { split } = data;
  if (split && (split.column !== null || !['random', 'fixed'].includes(split.type)))
    refuse(`a split of type ${split.type} by a column`, ['data', 'split']);
};
