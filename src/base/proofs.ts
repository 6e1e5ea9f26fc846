declare const over: unique symbol;
declare const made: unique symbol;

/**
 * Proof that no step, choice of weights or threshold comes any more. Only the training loop makes it, when it
 * has come to its end, and only for it does `data` open the test part in the training thread: early stopping,
 * schedules, stop conditions and best weights can't look at test examples even by mistake.
 */
export interface TrainingOver {
  readonly [over]: true;
}

/**
 * Something that was made of validation examples: the part itself, a network's outputs for it, their
 * predictions. Whatever is chosen after training (a threshold, a temperature) takes this type, and nothing
 * that test examples went into has it.
 */
export type Validation<T> = T & { readonly [made]: 'validation' };
