import type { RunBrief } from '../record/index.ts';

export type Quantity = string | number | null;

/**
 * The quantities of a run by name, in the order in which a table shows them: `status`, `epochs`,
 * `test.accuracy`, ... Unknown things are absent.
 */
export function quantitiesOf(run: RunBrief): Record<string, Quantity> {
  const { result, started, last } = run;
  const values: Record<string, Quantity> = Object.create(null);
  const put = (name: string, value: Quantity | undefined) => {
    if (value !== undefined) values[name] = value;
  };
  put('name', run.name);
  put('id', run.id);
  put('status', run.status);
  put('started', started?.time);
  put('seconds', result?.seconds);
  put('epochs', result?.epochs ?? last?.epoch);
  put('seed', started?.seed);
  put('parameters', result?.parameters ?? started?.parameters);
  put('samples_per_second', result?.samples_per_second);
  put('peak_rss_bytes', result?.peak_rss_bytes);
  const engine = result?.engine ?? started?.engine;
  put('engine', engine?.type);
  put('threads', engine?.threads);
  if (result?.expectations) put('failed_expectations', result.expectations.filter((e) => !e.passed).length);
  for (const split of ['test', 'validation', 'train'] as const)
    for (const [name, metric] of Object.entries(result?.metrics[split] ?? {}))
      put(`${split}.${name}`, metric?.value ?? null);
  if (!result) for (const [name, value] of Object.entries(last?.metrics ?? {})) put(inSplit(name), value);
  put('error', result?.error?.code);
  return values;
}

/** `val_loss` of an epoch is what a result calls `validation.loss`. */
const inSplit = (name: string): string =>
  name.startsWith('val_') ? `validation.${name.slice(4)}` : `train.${name}`;
