import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { sources } from '../../catalog/sources/index.ts';
import { contextOf, loadConfig } from '../../config/index.ts';
import { packageRoot, sourceContext } from '../../config/places.ts';
import { configError, dataError, invariant } from '../../errors.ts';
import { checkedAddress, isAddress } from '../../readers/download/fetch-file.ts';
import { type Choice, choose } from './choose.ts';
import { type FoundData, findData } from './find-data.ts';
import { fromFile } from './relative-path.ts';
import { idxConfig, type Names, tableConfig } from './text.ts';

export { listTemplates, type Template, templateText } from './templates.ts';

export interface InitRequest {
  /** A file or a folder, as the user named it. */
  readonly data: string;
  readonly target?: string;
  /** The file to write; `<name of the data>.yaml` here when left out. */
  readonly out?: string;
}

export interface Draft {
  readonly file: string;
  readonly text: string;
  readonly choice?: Choice;
}

/** A first config for the data: text that passes `mlx check` and trains. Writes nothing. @throws MlxError */
export async function draftConfig({ data: path, target, out }: InitRequest): Promise<Draft> {
  if (isAddress(path)) checkedPath(path);
  const found = findData(path);
  const name = nameOf(path);
  const file = out ?? `${name}.yaml`;
  const names: Names = {
    name,
    schema: fromFile(file, join(packageRoot(), 'schema.json')),
    shown: basename(path),
  };
  const ctx = sourceContext(file, { task: 'classification', seed: 42 });
  if (found.type === 'idx') {
    const moved = Object.fromEntries(
      Object.entries(found).map(([key, value]) => [key, key === 'type' ? value : fromFile(file, value)]),
    ) as unknown as Extract<FoundData, { images: string }>;
    const entry = sources.get('idx')!;
    const raw = await entry.read(entry.schema.parse(withoutType(moved)), ctx);
    invariant(raw.target.kind === 'class', 'images of the IDX format have classes');
    return { file, text: idxConfig(moved, raw.target.classes.length, names) };
  }
  const moved = { ...found, path: isAddress(path) ? path : fromFile(file, found.path) };
  const entry = sources.get(found.type)!;
  const profile = await entry.profile!(entry.schema.parse(withoutType(moved)), ctx);
  const choice = choose(profile, target);
  const { sha256 } = profile.files[0]!;
  const pinned = isAddress(path) ? { ...moved, sha256 } : moved;
  return { file, text: tableConfig(pinned, choice, names), choice };
}

/** @throws MlxError `usage` */
function checkedPath(path: string): void {
  try {
    checkedAddress(path);
  } catch (error) {
    throw configError('usage', `${path} is not read: ${(error as Error).message}`, {
      help: 'name an https:// address, or a file',
    });
  }
}

const withoutType = ({ type: _, ...fields }: { type: string }) => fields;

/** Writes a new config; an existing file stays unless `force`. @throws MlxError `file-exists`, `write` */
export function writeConfig(file: string, text: string, force: boolean): void {
  const refuse = () =>
    dataError('file-exists', `${file} is there already`, {
      help: 'name another file with --out, or overwrite it with --force',
    });
  if (!force && existsSync(file)) throw refuse();
  const fresh = join(dirname(file), `.${basename(file)}.${randomUUID().slice(0, 8)}`);
  try {
    writeFileSync(fresh, text, { flag: 'wx' });
    try {
      if (force) renameSync(fresh, file);
      else {
        // A link fails if the file appeared meanwhile; a rename would overwrite it.
        linkSync(fresh, file);
        unlinkSync(fresh);
      }
    } catch (error) {
      unlinkSync(fresh);
      throw error;
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw refuse();
    throw dataError('write', `can't write ${file}: ${(cause as Error).message}`, {
      help: 'name another file with --out',
      cause,
    });
  }
}

/** The name of an experiment: letters, digits, `.`, `_`, `-`. */
function nameOf(path: string): string {
  const last = isAddress(path) ? new URL(path).pathname : resolve(path);
  const stem = basename(last).replace(/(\.[A-Za-z0-9]{1,8})$/, '');
  const name = stem
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60);
  return name === '' ? 'experiment' : name;
}

/** Checks what `mlx init` promises about the file that it wrote. */
export function assertValid(file: string): void {
  contextOf(loadConfig(file, { set: [] }));
}
