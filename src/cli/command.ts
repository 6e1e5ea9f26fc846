import type { Command } from 'commander';
import type { EarlyThread } from '../train/thread.ts';
import { exit } from './exit.ts';

// A command is a file that adds itself to the program: name, description, options, and what it does. What it
// does loads the rooms that it needs by itself, so that `mlx --help` and `mlx check` load little.

/** Repeatable option: collects values in order. */
export const collect = (value: string, all: string[]): string[] => [...all, value];

/** Options of every command that reads a config. */
export const configured = (command: Command): Command =>
  command
    .option(
      '--set <path=value>',
      'override one field, e.g. --set optimizer.learning_rate=0.01 (repeatable)',
      collect,
      [],
    )
    .option('--engine <engine>', 'short for --set engine=<engine>');

/** An action from what a command does, whose result is the exit code. */
export const exits =
  <A extends unknown[]>(work: (...args: A) => number | Promise<number>) =>
  async (...args: A): Promise<void> =>
    exit(await work(...args));

/**
 * The same of a command that trains: the training thread starts first of all, and loads its code while this
 * one loads the command's.
 */
export const trains =
  <A extends unknown[]>(work: (threads: EarlyThread, ...args: A) => Promise<number>) =>
  async (...args: A): Promise<void> => {
    const threads = new (await import('../train/thread.ts')).EarlyThread();
    try {
      exit(await work(threads, ...args));
    } finally {
      await threads.drop();
    }
  };
