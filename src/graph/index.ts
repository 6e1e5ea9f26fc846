export * from './builder.ts';
export * from './differentiate.ts';
export * from './gradients.ts';
export * from './print.ts';
export * from './shapes.ts';
export * from './types.ts';
export * from './verify.ts';
