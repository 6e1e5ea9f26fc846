export { planToDot, planToJson } from './formats.ts';
export * from './plan.ts';
export { count, printPlan, quantity } from './print.ts';
