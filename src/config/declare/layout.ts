import { Document } from 'yaml';

const document = new Document(undefined, { aliasDuplicateObjects: false });

/** A map or list on one line of the resolved text: `{ type: adam, learning_rate: 0.001 }`. */
export const oneLine = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? document.createNode(value, { flow: true }) : value;

/** A map with a line for each field. */
export const linePerField = (value: object): unknown =>
  Object.fromEntries(Object.entries(value).map(([key, field]) => [key, oneLine(field)]));
