import { group } from '../declare/group.ts';
import { architecture } from './architecture.ts';
import { data } from './data.ts';
import { engine } from './engine.ts';
import { evaluation } from './evaluation.ts';
import { expect } from './expect.ts';
import { name, seed, seeds, task } from './experiment.ts';
import { model, NETWORK } from './model.ts';
import { loss, optimizer, schedule } from './objective.ts';
import { training } from './training.ts';

/** The sections of a config, in the order in which data flows. */
export const sections = {
  name,
  seed,
  seeds,
  task,
  engine,
  data,
  model,
  architecture,
  loss,
  optimizer,
  schedule,
  training,
  evaluation,
  expect,
};

/** A config of these sections. */
export const configOf = <M extends typeof sections>(members: M) =>
  group(members, {
    owner: 'the config',
    unknownOwner: 'a config',
    either: { one: 'model', others: NETWORK },
  });

export const root = configOf(sections);
