import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { jsonSchema } from '../../src/config/index.ts';

const file = fileURLToPath(new URL('../../schema.json', import.meta.url));

it('schema.json is what `mlx schema --out schema.json` writes', () => {
  expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
});
