import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { groupLines, groupMarkdown } from '../../src/report/group.ts';
import { executors } from '../../src/study/executors/index.ts';
import { askedGroup, groupKinds, shownAs } from '../../src/study/groups/index.ts';
import type { GroupPorts } from '../../src/study/groups/loop.ts';
import { readGroupResult } from '../../src/study/groups/open.ts';
import type { GroupEvent, GroupResult } from '../../src/study/groups/result.ts';
import { resumeGroup, runGroup } from '../../src/study/groups/run.ts';
import { listExperiments } from '../../src/study/list/list.ts';
import { config, root, scratch } from '../cli/mlx.ts';
import { lastFirst } from './toys/last-first.ts';
import { longer } from './toys/longer.ts';

groupKinds.set(longer.name, longer);
executors.set(lastFirst.name, lastFirst);

const experiments = scratch();

/** The built training thread; the rest is the source. */
const threads = {
  take() {
    const control = new SharedArrayBuffer(8);
    return { worker: new Worker(join(root, 'dist/worker.js'), { workerData: { control } }), control };
  },
} as GroupPorts['threads'];

/** @param runs how many may begin before it is interrupted */
async function work(
  begin: (ports: GroupPorts) => Promise<number>,
  { executor, runs = Number.POSITIVE_INFINITY }: { executor?: string; runs?: number } = {},
) {
  const events: GroupEvent[] = [];
  let left = runs;
  const order: string[] = [];
  const code = await begin({
    experiments,
    threads,
    cache: false,
    ...(executor !== undefined && { executor }),
    each: async (one) => {
      if (left-- <= 0) return 130;
      return one({
        handle: { stop: null },
        emit(event) {
          if (event.type === 'run_started') order.push(event.run.split('-').at(-1)!);
        },
      });
    },
    tell: (event) => events.push(event),
  });
  const { group, result } = events.at(-1) as Extract<GroupEvent, { type: 'group_completed' }>;
  return { code, events, order, group, result };
}

function started(name: string, how?: Parameters<typeof work>[1], set: string[] = []) {
  const loaded = loadConfig(config('mnist-logistic.yaml'), {
    set: [
      `name=${name}`,
      'data.split={ train: 300, test: 200 }',
      'evaluation={ baselines: none }',
      'expect=[]',
      ...set,
    ],
  });
  return work((ports) => runGroup(loaded, askedGroup(loaded)!, ports), how);
}

/** What stays the same when the same runs are made again. */
const lasting = ({ metrics, members, status, completed, runs }: GroupResult) => ({
  ...{ metrics, status, completed, runs },
  labels: members.map(({ label }) => label),
});

describe('a kind of group that decides by outcomes', () => {
  it('is asked for, run, kept, listed and shown', async () => {
    const { code, events, order, group, result } = await started('longer');
    expect(code).toBe(0);
    expect(events[0]).toMatchObject({ type: 'group_started', kind: 'longer', runs: [`${group}-1`] });
    expect(order).toEqual(['1', '2', '3']);
    expect(result.members.map(({ label }) => label)).toEqual(['1 epochs', '2 epochs', '4 epochs']);
    const manifest = JSON.parse(readFileSync(join(group, 'group.json'), 'utf8'));
    expect(manifest).toMatchObject({ kind: 'longer', members: ['1', '2', '3'], options: { most: 3 } });
    expect(readGroupResult(group)).toMatchObject({ status: 'completed', result });
    const [listed] = await listExperiments(experiments, { where: ['kind == longer'], sort: [] });
    expect(listed).toMatchObject({ group: '3 of 3 longer' });
    const shown = shownAs(result);
    const text = groupLines(group, result, shown).join('\n');
    expect(text).toMatch(
      /^✓ ever longer longer \w+ {3}3 runs, .*; twice the epochs each time\n\n {2}run +loss\n/,
    );
    expect(groupMarkdown(group, result, shown)).toMatch(/\| run \| loss \|/);
  }, 120_000);

  it('goes on after an interruption, on another executor, to the same end', async () => {
    const whole = await started('longer-whole');
    const { code, group, result } = await started('longer-stopped', { runs: 1 });
    expect(code).toBe(130);
    expect(result).toMatchObject({ status: 'interrupted', completed: 1 });
    const resumed = await work((ports) => resumeGroup(group, ports), { executor: 'last_first' });
    expect(resumed).toMatchObject({ code: 0, order: ['2', '3'] });
    expect(lasting(resumed.result)).toEqual(lasting(whole.result));
  }, 120_000);
});

describe('an executor', () => {
  it('may train runs in any order: the group comes to the same', async () => {
    const set = ['seeds=3', 'training.epochs=2'];
    const inTurn = await started('seeds-here', {}, set);
    const reversed = await started('seeds-last-first', { executor: 'last_first' }, set);
    expect(inTurn.order).toEqual(['1', '2', '3']);
    expect(reversed.order).toEqual(['3', '2', '1']);
    expect(reversed.code).toBe(0);
    expect(lasting(reversed.result)).toEqual(lasting(inTurn.result));
  }, 120_000);

  it('that is unknown is a mistake of usage', async () => {
    await expect(started('seeds-nowhere', { executor: 'nowhere' }, ['seeds=2'])).rejects.toMatchObject({
      code: 'usage',
    });
    expect(existsSync(join(experiments, 'seeds-nowhere'))).toBe(false);
  });
});
