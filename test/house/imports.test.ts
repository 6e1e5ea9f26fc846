import { describe, expect, it } from 'vitest';
import { files, imports, isLocal, resolved, roomOf, textOf } from './imports.ts';
import { heavyPackages, rooms } from './rooms.ts';

const may = new Map(rooms.map((room) => [room.name, room.may]));

describe('the house', () => {
  it('has source files in every room of the table, and no other rooms', () => {
    for (const { name } of rooms)
      expect(
        files.some((file) => roomOf(file) === name),
        name,
      ).toBe(true);
    for (const file of files) expect([...may.keys(), 'errors'], file).toContain(roomOf(file));
  });

  it('lists rooms from the bottom up: none may import one that comes after it', () => {
    const order = rooms.map(({ name }) => name);
    for (const { name, may: rules } of rooms)
      for (const rule of rules) {
        const to = roomOf(rule.replace(/ types$/, ''));
        expect(order.slice(0, order.indexOf(name)), `${name} -> ${to}`).toContain(to);
      }
  });

  it('imports only along the table', () => {
    const wrong = imports
      .filter(isLocal)
      .filter((i) => {
        const [from, to] = [roomOf(i.file), resolved(i)];
        if (roomOf(to) === from || roomOf(to) === 'errors' || from === 'errors') return false;
        return !(may.get(from) ?? []).some(
          (rule) => rule === roomOf(to) || rule === to || (rule === `${roomOf(to)} types` && i.typeOnly),
        );
      })
      .map((i) => `${i.file} -> ${resolved(i)}`);
    expect(wrong).toEqual([]);
  });

  it('keeps engines apart from each other', () => {
    const kind = (path: string) => path.split('/')[1]!;
    const wrong = imports
      .filter((i) => isLocal(i) && i.file.startsWith('engines/') && i.file.split('/').length > 2)
      .filter((i) => {
        const to = resolved(i);
        return to.startsWith('engines/') && to.split('/').length > 2 && kind(to) !== kind(i.file);
      });
    expect(wrong).toEqual([]);
  });

  it('imports each heavy package in one folder', () => {
    const folders = new Map(heavyPackages.map(({ name, folder }) => [name, folder]));
    const wrong = imports
      .filter((i) => !isLocal(i) && !i.typeOnly)
      .filter((i) => {
        const parts = i.target.split('/');
        const folder = folders.get(parts.slice(0, i.target.startsWith('@') ? 2 : 1).join('/'));
        return folder !== undefined && !i.file.startsWith(`${folder}/`);
      })
      .map((i) => `${i.file} -> ${i.target}`);
    expect(wrong).toEqual([]);
  });

  it('has no file that only passes on what others export, but for index.ts', () => {
    const tunnels = files.filter((file) => !file.endsWith('index.ts') && onlyPassesOn(textOf(file)));
    expect(tunnels).toEqual([]);
    expect(onlyPassesOn("/** Of b. */\nexport { a } from './b.ts';\nexport type * from './c.ts';\n")).toBe(
      true,
    );
    expect(onlyPassesOn("import { a } from './b.ts';\n\nexport { a };\n")).toBe(true);
    expect(onlyPassesOn("import { a } from './b.ts';\n\na();\n")).toBe(false);
  });

  it('passes on what others export only in index.ts, and in pipeline.ts, the front door', () => {
    const found = files.filter(
      (file) => /^export [^;]*\sfrom '/m.test(textOf(file)) && !file.endsWith('index.ts'),
    );
    // config/config.ts passes on a type that its own types are made of.
    expect(found.filter((file) => !['config/config.ts', 'pipeline.ts'].includes(file))).toEqual([]);
  });

  it('lets the training loop alone say that training is over', () => {
    const makers = files.filter((f) => textOf(f).includes('as TrainingOver'));
    expect(makers).toEqual(['train/loop.ts']);
    const openers = files.filter((f) => /\bopenTest\(/.test(textOf(f)));
    expect(openers.sort()).toEqual(['data/prepare.ts', 'train/worker.ts']);
  });

  it('lets validation examples alone be what a threshold or a calibration is made of', () => {
    const makers = files.filter((f) => /as (Validation<|OutputsFor<|PredictionsFor<)/.test(textOf(f)));
    expect(makers.sort()).toEqual(['data/prepare.ts', 'train/evaluate.ts', 'train/predicted.ts']);
  });

  it('finds imports at all', () => {
    expect(imports.length).toBeGreaterThan(100);
  });
});

/** Whether a file has no statement of its own: comments, imports and re-exports are all there is. */
function onlyPassesOn(text: string): boolean {
  const rest = text
    .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
    .replace(/^export\s+(type\s+)?(\*|\{[^}]*\})(\s+as\s+\w+)?(\s+from\s+'[^']+')?;?/gm, '')
    .replace(/^import\s[^;]*?'[^']+';?/gm, '');
  return rest.trim() === '';
}
