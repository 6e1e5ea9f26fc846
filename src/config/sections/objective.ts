import * as z from 'zod';
import type { Typed } from '../../catalog/entry.ts';
import { entry } from '../declare/entry.ts';
import type { Section } from '../declare/section.ts';
import type { Fields } from '../tree/typed.ts';
import { assumedTask } from './experiment.ts';

export const loss = entry((catalogues) => catalogues.losses, {
  description: 'What training minimizes; the default depends on the task.',
  fallback: (context) => assumedTask(context).defaults.loss,
});

/** Keras' three ways of clipping, shared by all optimizers. */
const clippingSchema = () =>
  z.strictObject({
    clipnorm: clip('Largest norm of one gradient tensor.'),
    clipvalue: clip('Largest size of one gradient element.'),
    global_clipnorm: clip('Largest norm of all gradients together.'),
  });
const clip = (help: string) => z.number().gt(0).nullable().default(null).describe(help);

type Optimizer = Typed<Fields> & Readonly<z.infer<ReturnType<typeof clippingSchema>>>;

/** The entries' contract promises a learning rate. */
export const optimizer = entry((catalogues) => catalogues.optimizers, {
  fallback: 'adam',
  shared: clippingSchema,
}) as Section<Optimizer & { readonly learning_rate: number }>;

export const schedule = entry((catalogues) => catalogues.schedules, {
  fallback: 'constant',
  shared: () =>
    z.strictObject({
      warmup_steps: z.int().min(0).default(0).describe('Steps over which the rate rises from 0 in a line.'),
    }),
});
