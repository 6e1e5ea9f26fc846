import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FILES } from '../record/index.ts';
import type { Reporter } from '../report/index.ts';

type Emit = Reporter['event'];

/**
 * Hands events on, and to event files in the run's folder. A disk that refuses them is reported once, and
 * ends no training.
 */
export async function withTensorBoard(emit: Emit): Promise<Emit> {
  const [{ TensorBoardFiles }, { hyperparameters }] = await Promise.all([
    import('../report/bridges/tensorboard.ts'),
    import('../study/config-values.ts'),
  ]);
  let files: InstanceType<typeof TensorBoardFiles> | undefined;
  return (event) => {
    try {
      if (event.type === 'run_started') {
        files = new TensorBoardFiles(join(event.run, 'tensorboard'));
        files.session(hyperparameters(readFileSync(join(event.run, FILES.resolved), 'utf8')));
      }
      files?.event(event);
      if (event.type === 'run_completed') files?.close();
    } catch (error) {
      files = undefined;
      const text = `TensorBoard's event files can't be written: ${(error as Error).message}`;
      emit({ type: 'message', level: 'warning', code: 'tensorboard', text });
    }
    emit(event);
  };
}
