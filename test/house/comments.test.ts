import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const src = join(import.meta.dirname, '../../src');
const WIDTH = 110;

it('lines of comments have at most 110 columns', () => {
  const long = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) =>
      readFileSync(join(src, file), 'utf8')
        .split('\n')
        .flatMap((line, i) =>
          line.length > WIDTH && /^\s*(\/\*|\*|\/\/)/.test(line) && !line.includes('biome-ignore')
            ? [`${file}:${i + 1}`]
            : [],
        ),
    );
  expect(long).toEqual([]);
});
