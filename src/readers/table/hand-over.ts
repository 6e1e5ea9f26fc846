import { closeSync, openSync, readSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asDoubles, HELD_IN_MEMORY, type NumberFile, readNumbers } from '../files/number-file.ts';
import type { Scratch } from '../files/scratch.ts';
import type { TableLook, TableRows } from './table-task.ts';

/**
 * A table on its way between two processes: its arrays are files of the scratch folder, and it holds their
 * names.
 */
type SentArray = {
  readonly file: string;
  readonly length: number;
  readonly as: keyof typeof ARRAYS | 'numbers' | 'doubles';
};
export interface Sent {
  readonly plain: object;
  readonly arrays: Readonly<Record<string, SentArray>>;
}

const ARRAYS = { Uint8Array, Int32Array, Uint32Array, Float32Array } as const;

/** A folder that another process made: its files keep their names, so that it can open them. */
export interface NamedScratch extends Scratch {
  nameOf(handle: number): string;
}

export function namedScratch(folder: string): NamedScratch {
  const names = new Map<number, string>();
  return {
    path: () => folder,
    file() {
      const name = join(folder, `numbers-${names.size}`);
      const handle = openSync(name, 'wx+', 0o600);
      names.set(handle, name);
      return handle;
    },
    nameOf: (handle) => names.get(handle)!,
    remove() {},
  };
}

/** In the process that made them. */
export function sent(made: TableRows | TableLook, scratch: NamedScratch): Sent {
  if (!('x' in made)) return { plain: made, arrays: {} };
  const { x, file, y, keys, ids, ...plain } = made;
  const arrays: Record<string, SentArray> = {};
  const put = (name: string, value: Uint8Array | Int32Array | Uint32Array | Float32Array) => {
    const to = join(scratch.path(), name);
    writeFileSync(to, new Uint8Array(value.buffer, value.byteOffset, value.byteLength), {
      flag: 'wx',
      mode: 0o600,
    });
    arrays[name] = { file: to, length: value.length, as: value.constructor.name as keyof typeof ARRAYS };
  };
  const numbers = (values: NumberFile, as: 'numbers' | 'doubles') => ({
    file: scratch.nameOf(values.handle),
    length: values.length,
    as,
  });
  if (file) arrays['x'] = numbers(file, 'numbers');
  else put('x', x as Float32Array);
  put('y', y);
  if (ids) put('ids', ids);
  if (keys && 'handle' in keys) arrays['keys'] = numbers(keys, 'doubles');
  return { plain, arrays };
}

/** In the process that asked for them; the files lose their names. */
export function received({ plain, arrays }: Sent, held = HELD_IN_MEMORY): object {
  const out: Record<string, unknown> = { ...plain };
  for (const [name, { file, length, as }] of Object.entries(arrays)) {
    const handle = openSync(file, 'r');
    unlinkSync(file);
    if (as === 'numbers' || as === 'doubles') {
      const values: NumberFile = { handle, length };
      if (4 * length > (as === 'doubles' ? held / 2 : held)) {
        if (name === 'x') Object.assign(out, { x: new Float32Array(), file: values });
        else out[name] = values;
        continue;
      }
      const memory = new Float32Array(new SharedArrayBuffer(4 * length));
      readNumbers(values, 0, memory);
      out[name] = as === 'doubles' ? asDoubles(memory) : memory;
    } else {
      const { BYTES_PER_ELEMENT } = ARRAYS[as];
      // In shared memory from the start: the training thread reads the same bytes.
      const buffer =
        name === 'ids'
          ? new ArrayBuffer(length * BYTES_PER_ELEMENT)
          : new SharedArrayBuffer(length * BYTES_PER_ELEMENT);
      const bytes = new Uint8Array(buffer);
      for (let done = 0; done < bytes.length; ) {
        const read = readSync(handle, bytes, done, bytes.length - done, done);
        if (read === 0) throw new Error('what the table was read into was cut');
        done += read;
      }
      out[name] = new ARRAYS[as](buffer as ArrayBuffer);
    }
    closeSync(handle);
  }
  return out;
}
