import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../config/places.ts';
import { suggest } from '../../config/tree/suggest.ts';
import { configError } from '../../errors.ts';
import { fromFile } from './relative-path.ts';

export interface Template {
  readonly name: string;
  /** Its first comment, up to the first full stop or colon. */
  readonly help: string;
}

const folder = () => join(packageRoot(), 'configs');
const textOf = (name: string) => readFileSync(join(folder(), `${name}.yaml`), 'utf8');

/** The configs that come with the package, each of which its tests compile and train. */
export function listTemplates(): Template[] {
  return readdirSync(folder())
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => {
      const name = file.replace(/\.yaml$/, '');
      const comments = textOf(name)
        .split('\n')
        .filter((line) => line.startsWith('# ') && !line.includes('$schema'))
        .map((line) => line.slice(2));
      return { name, help: comments.join(' ').split(/[.:](?:\s|$)/)[0]! };
    });
}

/** A shipped config, with paths relative to `out`. @throws MlxError `unknown-name` */
export function templateText(name: string, out: string): string {
  const names = listTemplates().map((template) => template.name);
  if (!names.includes(name)) {
    const meant = suggest(name, names);
    throw configError('unknown-name', `there is no template \`${name}\``, {
      help: meant ? `take \`${meant}\`` : `\`mlx init --list\` shows them: ${names.join(', ')}`,
    });
  }
  return textOf(name).replace(/(\$schema=|path: )(\.\.\/[^\s,}]+)/g, (_, before: string, path: string) => {
    return `${before}${fromFile(out, join(folder(), path))}`;
  });
}
