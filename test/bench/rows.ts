/** What one row of the table measures. */
export interface Row {
  readonly name: string;
  readonly label: string;
  /** The config, from the root of the repository. */
  readonly config: string;
  /** Steps a measurement takes: about half a second's worth. */
  readonly steps: number;
  /** The least ratio that we want: our samples per second over PyTorch's best. */
  readonly bar: number;
}

const own = (name: string) => `test/bench/networks/${name}.yaml`;
const shipped = (name: string) => `configs/${name}.yaml`;

/** torch_step.py has the same networks under the same names. */
export const rows: readonly Row[] = [
  { name: 'cnn', label: 'CNN, Adam', config: shipped('mnist-cnn'), steps: 8, bar: 1.7 },
  { name: 'cnn-5x5', label: 'CNN 5x5, SGD', config: shipped('mnist-cnn-5x5'), steps: 8, bar: 1.4 },
  { name: 'cnn-batch-norm', label: 'CNN, batch norm', config: own('cnn-batch-norm'), steps: 8, bar: 1.3 },
  { name: 'mlp', label: 'MLP 512-512, RMSprop', config: shipped('mnist-mlp'), steps: 64, bar: 1.4 },
  { name: 'mlp-128', label: 'MLP 128', config: own('mlp-128'), steps: 320, bar: 1.7 },
  {
    name: 'mlp-128-batch-32',
    label: 'MLP 128, batch 32',
    config: own('mlp-128-batch-32'),
    steps: 400,
    bar: 1.7,
  },
  { name: 'logistic', label: 'logistic regression', config: shipped('mnist-logistic'), steps: 800, bar: 1.7 },
];
