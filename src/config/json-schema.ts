import { LANGUAGE } from './language.ts';

/** JSON Schema (draft 7) of a config, for editors; made of the declarations that validate it. */
export function jsonSchema({ root, catalogues } = LANGUAGE): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'mlx experiment',
    ...root.jsonSchema(catalogues),
  };
}
