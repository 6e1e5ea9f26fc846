import { noFields } from '../fields.ts';
import type { Fans, InitializerEntry } from './initializer.ts';
import { truncatedNormal, uniformBetween } from './sample.ts';

type None = Record<string, never>;

/** Standard deviation of a standard normal distribution that is cut off at ±2. */
const TRUNCATED_STD = 0.87962566103423978;

interface Scaling {
  readonly name: string;
  readonly help: string;
  /** Variance of the weights times the fan. */
  readonly scale: number;
  readonly fan: (fans: Fans) => number;
}

/** Uniform in ±sqrt(3 · scale / fan): variance scale / fan. */
const scaledUniform = ({ name, help, scale, fan }: Scaling): InitializerEntry<None> => ({
  name,
  help,
  get schema() {
    return noFields();
  },
  values(shape, fans, key) {
    const limit = Math.sqrt((3 * scale) / Math.max(1, fan(fans)));
    return uniformBetween(shape, key, -limit, limit);
  },
});

/**
 * Normal, cut off at two standard deviations and widened so that the variance is scale / fan after the cut.
 */
const scaledNormal = ({ name, help, scale, fan }: Scaling): InitializerEntry<None> => ({
  name,
  help,
  get schema() {
    return noFields();
  },
  values(shape, fans, key) {
    const stddev = Math.sqrt(scale / Math.max(1, fan(fans))) / TRUNCATED_STD;
    return truncatedNormal(shape, key, 0, stddev);
  },
});

const average = (fans: Fans) => (fans.in + fans.out) / 2;
const incoming = (fans: Fans) => fans.in;

/**
 * Glorot and Bengio 2010: variance 2 / (in + out) keeps signals and gradients even through tanh-like layers.
 */
export const glorotUniform = scaledUniform({
  name: 'glorot_uniform',
  help: 'uniform, variance 2 / (inputs + outputs)',
  scale: 1,
  fan: average,
});
export const glorotNormal = scaledNormal({
  name: 'glorot_normal',
  help: 'truncated normal, variance 2 / (inputs + outputs)',
  scale: 1,
  fan: average,
});

/** He et al. 2015: relu halves the variance, so it starts doubled. */
export const heUniform = scaledUniform({
  name: 'he_uniform',
  help: 'uniform, variance 2 / inputs: for relu',
  scale: 2,
  fan: incoming,
});
export const heNormal = scaledNormal({
  name: 'he_normal',
  help: 'truncated normal, variance 2 / inputs: for relu',
  scale: 2,
  fan: incoming,
});

/** LeCun et al. 1998, Efficient BackProp. */
export const lecunUniform = scaledUniform({
  name: 'lecun_uniform',
  help: 'uniform, variance 1 / inputs',
  scale: 1,
  fan: incoming,
});
export const lecunNormal = scaledNormal({
  name: 'lecun_normal',
  help: 'truncated normal, variance 1 / inputs',
  scale: 1,
  fan: incoming,
});
