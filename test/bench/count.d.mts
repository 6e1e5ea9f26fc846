export function countOf(text: string | undefined, name: string, usual: number, least?: number): number;
