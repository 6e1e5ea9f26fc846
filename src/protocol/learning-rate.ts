/**
 * The name of the learning rate: its path in a config, the scalar of the plan, the bound number of a step,
 * and the key in step events.
 */
export const LEARNING_RATE = 'optimizer.learning_rate';
