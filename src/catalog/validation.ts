declare const made: unique symbol;

/**
 * Something that was made of validation examples: the part itself, a network's outputs for it, their predictions. Whatever is
 * chosen after training (a threshold, a temperature) takes this type, and nothing that test examples went into has it.
 */
export type Validation<T> = T & { readonly [made]: 'validation' };
