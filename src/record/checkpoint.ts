import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dataError, invariant } from '../errors.ts';
import { writeAtomically } from './atomic.ts';
import { dataOf, decode, encode, headerText, METADATA, type Tensors } from './safetensors.ts';

/** Checksums among the metadata: of the tensors' bytes, and of the header without these two. */
const OF_DATA = 'sha256';
const OF_HEADER = 'sha256_header';

export interface Checkpoint {
  readonly state: Map<string, Float32Array>;
  readonly meta: Record<string, string>;
}

/** @throws MlxError `record-write` */
export async function writeCheckpoint(
  path: string,
  state: ReadonlyMap<string, Float32Array>,
  meta: Readonly<Record<string, string>>,
): Promise<void> {
  invariant(!state.has(METADATA), `a tensor can't be named ${METADATA}`);
  invariant(!(OF_DATA in meta || OF_HEADER in meta), 'checksums are made here');
  const content = { tensors: state, metadata: meta };
  await writeAtomically(path, encode({ tensors: state, metadata: { ...meta, ...checksums(content) } }));
}

/**
 * Believes a checkpoint for its content, never for its name.
 * @throws MlxError with exit code 3: `checkpoint-missing`, or `checkpoint-damaged` with what is wrong
 */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  let file: Uint8Array;
  try {
    file = await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT')
      throw dataError('checkpoint-missing', `there is no checkpoint ${path}`, {
        help: 'start a new run with mlx run',
        cause,
      });
    throw damaged(path, 'it can’t be read', cause);
  }
  let content: Tensors;
  try {
    content = decode(file);
  } catch (cause) {
    throw damaged(path, (cause as Error).message, cause);
  }
  const { [OF_DATA]: ofData, [OF_HEADER]: ofHeader, ...meta } = content.metadata;
  const found = checksums({ tensors: content.tensors, metadata: meta });
  if (ofData !== found[OF_DATA]) throw damaged(path, 'its tensors don’t match their checksum');
  if (ofHeader !== found[OF_HEADER]) throw damaged(path, 'its header doesn’t match its checksum');
  return { state: new Map(content.tensors), meta };
}

function checksums(content: Tensors): Record<typeof OF_DATA | typeof OF_HEADER, string> {
  const data = createHash('sha256');
  for (const bytes of dataOf(content.tensors)) data.update(bytes);
  const header = createHash('sha256').update(headerText(content));
  return { [OF_DATA]: data.digest('hex'), [OF_HEADER]: header.digest('hex') };
}

const damaged = (path: string, what: string, cause?: unknown) =>
  dataError('checkpoint-damaged', `${path} is damaged: ${what}`, {
    help: 'resume from a copy of it, or start a new run with mlx run',
    cause,
  });
