export { partialDependence } from './dependence.ts';
export type * from './explanation.ts';
export { extremesOf } from './extremes.ts';
export { GRID, gridOf } from './grid.ts';
export { type Gradients, integratedGradients } from './integrated-gradients.ts';
export { covered, occlusionMap, squaresOf } from './occlusion.ts';
export { type PermutationInput, permutationImportance } from './permutation.ts';
