import * as z from 'zod';
import { schemaOfFields } from '../declare/json-schema.ts';
import { texts } from '../declare/names.ts';
import type { Section } from '../declare/section.ts';

const schema = () => z.array(z.string()).default([]).describe('Gates for CI, e.g. "test.accuracy >= 0.97".');

/** A line for each in the resolved text. */
export const expect: Section<readonly string[]> = {
  read: (written, _, { problems }) =>
    written
      ? texts(written, '`expect`', 'a list of texts such as "test.accuracy >= 0.97"', problems)?.map(
          ({ text }) => text,
        )
      : [],
  jsonSchema: () => schemaOfFields(schema()),
  resolved: (value) => value,
};
