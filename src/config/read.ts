import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { configError, type MlxError } from '../errors.ts';
import { suggest } from './tree/suggest.ts';
import { shown } from './tree/words.ts';

/** A megabyte of YAML is a data file, not a config. */
const LARGEST = 1 << 20;

/**
 * Text of a config file, byte for byte (a byte order mark stays in it).
 * @throws MlxError for a missing or unreadable file, a folder, more than 1 MiB, or invalid UTF-8
 */
export function readConfigText(file: string): string {
  let bytes: Buffer;
  try {
    const stat = statSync(file);
    if (stat.isDirectory()) throw isFolder(file);
    if (!stat.isFile()) throw configError('config-unreadable', `${shown(file)} is not a regular file`);
    if (stat.size > LARGEST) throw tooLarge(file, stat.size);
    bytes = readFileSync(file);
  } catch (error) {
    throw explain(file, error);
  }
  if (bytes.length > LARGEST) throw tooLarge(file, bytes.length);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalidUtf8(file, bytes);
  }
}

function explain(file: string, error: unknown): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return isMissing(file);
    case 'EACCES':
    case 'EPERM':
      return configError('config-unreadable', `no permission to read ${shown(file)}`);
    case 'ENAMETOOLONG':
      return configError('config-missing', `there is no file ${shown(file)}: the name is too long`);
    case 'ERR_INVALID_ARG_VALUE':
      return configError('config-missing', `${shown(file)} is no name of a file`);
    default:
      return error;
  }
}

function yamlFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort();
  } catch {
    return [];
  }
}

function isMissing(file: string): MlxError {
  const folder = dirname(file);
  const stem = (name: string) => name.replace(/\.ya?ml$/, '');
  const there = yamlFiles(folder);
  const meant = suggest(stem(basename(file)), there.map(stem));
  const name = there.find((candidate) => stem(candidate) === meant);
  const help = name
    ? `did you mean ${shown(join(folder, name))}?`
    : there.length > 0
      ? `${folder === '.' ? 'this folder' : shown(folder)} has ${there.slice(0, 8).map(shown).join(', ')}${there.length > 8 ? ', …' : ''}`
      : undefined;
  return configError('config-missing', `there is no file ${shown(file)}`, { help });
}

function isFolder(file: string): MlxError {
  const first = yamlFiles(file)[0];
  const help = first ? `name a file in it, e.g. ${shown(join(file, first))}` : 'name a YAML file';
  return configError('config-unreadable', `${shown(file)} is a folder, not a config`, { help });
}

function tooLarge(file: string, bytes: number): MlxError {
  return configError('config-too-large', `${shown(file)} has ${bytes} bytes, at most ${LARGEST} are read`, {
    help: 'keep data in a data file and name it under `data.source`',
  });
}

function invalidUtf8(file: string, bytes: Buffer): MlxError {
  const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
  const lines = lenient.decode(bytes).split('\n');
  const line = lines.findIndex((text) => text.includes('\ufffd'));
  const column = Math.max(0, lines[line]?.indexOf('\ufffd') ?? 0) + 1;
  return configError('encoding', `${shown(file)} is not valid UTF-8`, {
    position: { file, line: line + 1, column, length: 1 },
    help: 'save the file as UTF-8',
  });
}
