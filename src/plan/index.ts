export { planToDot, planToJson } from './formats.ts';
export * from './plan.ts';
export { printPlan, quantity } from './print.ts';
