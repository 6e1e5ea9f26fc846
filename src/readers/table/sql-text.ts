/** `"name"`: an identifier, whatever is in it. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
/** `'text'`: a constant, whatever is in it. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
