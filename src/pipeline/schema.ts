import { jsonSchema } from '../config/index.ts';

/** The text of schema.json, which the configs name for editors. */
export const schemaText = (): string => `${JSON.stringify(jsonSchema(), null, 2)}\n`;
