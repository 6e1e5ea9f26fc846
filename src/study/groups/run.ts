import { configError, dataError } from '../../errors.ts';
import type { LoadedConfig } from '../../pipeline.ts';
import { configHash, createGroup, listGroups, openGroup, readGroup } from '../../record/index.ts';
import { groupKinds } from './index.ts';
import type { Group, KeptGroup } from './kind.ts';
import { executorOf, type GroupPorts, work } from './loop.ts';
import { reopenConfig } from './reopen.ts';

/**
 * Several runs of one config, each in a folder of its own, then what they come to. A run that an error ends
 * doesn't end the others, unless it is the first and nothing of it could begin: then nothing stays behind.
 * @returns the exit code: of the first run that failed, else 1 for a gate that the group misses; 130 when
 * interrupted
 * @throws MlxError `record-write`, `run-busy`
 */
export async function runGroup(loaded: LoadedConfig, group: Group, ports: GroupPorts): Promise<number> {
  const executor = executorOf(ports);
  const earlier = await earlierGroup(loaded, group, ports.experiments);
  const folder = earlier
    ? openGroup(earlier)
    : await createGroup({
        root: ports.experiments,
        name: loaded.config.name,
        kind: group.kind,
        members: group.planned.map(({ name }) => name),
        ...(group.options !== undefined && { options: group.options }),
        configFile: loaded.file,
        configText: loaded.text,
        resolvedText: loaded.resolved,
      });
  return work(folder, group, executor, ports);
}

/** The latest group of the same config that a call may go on with, finished or not. */
async function earlierGroup(
  loaded: LoadedConfig,
  group: Group,
  root: string,
): Promise<KeptGroup | undefined> {
  if (!group.continues) return undefined;
  const all = (await listGroups(root))
    .filter(({ name }) => name === loaded.config.name)
    .map(({ folder }) => readGroup(folder))
    .sort((a, b) => ((a.manifest?.started ?? '') < (b.manifest?.started ?? '') ? 1 : -1));
  for (const record of all) {
    const { manifest } = record;
    if (manifest?.kind !== group.kind || manifest.config.sha256 !== configHash(loaded.resolved)) continue;
    const kept = { ...record, manifest };
    if (await group.continues(kept)) return kept;
  }
  return undefined;
}

/**
 * Goes on with a group that was interrupted, or failed in part: to the same results as one that wasn't.
 * @throws MlxError `run-damaged`, `already-completed`, `run-busy`
 */
export async function resumeGroup(path: string, ports: GroupPorts): Promise<number> {
  const record = readGroup(path);
  const { loaded, manifest } = reopenConfig(record);
  const kind = groupKinds.get(manifest.kind);
  const group = kind?.reopened(loaded, manifest.options);
  const planned = group?.planned.map(({ name }) => name) ?? [];
  const named = kind?.grows ? manifest.members.slice(0, planned.length) : manifest.members;
  if (!group || planned.join() !== named.join())
    throw dataError('run-damaged', `${path} can't be resumed: its group.json isn't of its config`, {
      help: 'start it again with mlx run',
    });
  if (record.result?.['status'] === 'completed')
    throw configError('already-completed', `${path} is completed: there is nothing to resume`, {
      help: 'run it again with mlx run',
    });
  const executor = executorOf(ports);
  return work(openGroup({ ...record, manifest }), group, executor, ports);
}
