import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { contextOf, type LoadedConfig, loadConfig } from '../config/index.ts';
import { positioned } from '../config/load/positioned.ts';
import { closeRaw, type Look, lookAt, readData } from '../data/index.ts';
import type { Choice } from '../data/init/choose.ts';
import { draftConfig } from '../data/init/index.ts';
import { configError } from '../errors.ts';
import { auditMessages } from '../pipeline/audit.ts';
import type { MessageEvent } from '../protocol/events.ts';
import { isAddress } from '../readers/download/fetch-file.ts';

export interface InspectRequest {
  readonly target?: string;
  readonly set: string[];
  /** PCA, UMAP and t-SNE, which take a second or two. */
  readonly scatter: boolean;
}

export interface Inspected {
  readonly look: Look;
  readonly warnings: readonly MessageEvent[];
  /** A check that the config lets fail found something. */
  readonly failed: boolean;
  /** Of a data file: what was assumed about it. */
  readonly choice?: Choice;
}

/** A look at the data of a config, or of a file as `mlx init` would take it. @throws MlxErrors, MlxError */
export async function inspectData(file: string, request: InspectRequest): Promise<Inspected> {
  if (!/\.ya?ml$/i.test(file)) return inspectFile(file, request);
  if (request.target !== undefined)
    throw configError('usage', '--target is for a data file; a config says its own', {
      help: `mlx inspect ${file} --set data.target=${request.target}`,
    });
  return inspectLoaded(loadConfig(file, request), request);
}

/** Through the config that `mlx init` would write, in a folder that goes away again. */
async function inspectFile(data: string, request: InspectRequest): Promise<Inspected> {
  const folder = mkdtempSync(join(tmpdir(), 'mlx-inspect-'));
  try {
    const out = join(folder, 'x.yaml');
    const { text, choice } = await draftConfig({
      data: isAddress(data) ? data : resolve(data),
      target: request.target,
      out,
    });
    writeFileSync(out, text);
    const found = await inspectLoaded(loadConfig(out, request), request);
    // The file of these positions is gone by then.
    const warnings = found.warnings.map(({ position: _, ...warning }) => warning);
    return { ...found, warnings, choice };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function inspectLoaded(loaded: LoadedConfig, { scatter }: InspectRequest): Promise<Inspected> {
  const { task, data } = loaded.config;
  if (task === 'multilabel_classification')
    throw configError('task', 'mlx inspect looks at one target; labels are several', {
      position: loaded.locate(['data', 'target']),
      help: Array.isArray(data.target)
        ? `one of them: \`--set task=classification --set data.target=${data.target[0]}\`; or inspect the file itself`
        : 'inspect the file itself',
    });
  const look = await positioned(loaded, async () => {
    const raw = await readData(loaded.config, contextOf(loaded));
    try {
      return await lookAt(loaded.config, raw, { scatter });
    } finally {
      closeRaw(raw);
    }
  });
  return {
    look,
    warnings: auditMessages(loaded, look.audit),
    failed: look.audit.findings.some(({ level }) => level === 'fail'),
  };
}
