import { readFileSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { writeAtomically } from './atomic.ts';
import { claimFolder } from './claim.ts';
import { writeFailure } from './failure.ts';
import { memberId, type RunPlace } from './find-run.ts';
import { type Lease, readLease, takeLease } from './lease.ts';
import { configHash } from './lock.ts';
import { FILES } from './names.ts';
import { readJson } from './read-json.ts';
import { readTags } from './tags.ts';

/**
 * `group.json` of `experiments/<name>/<id>/`, a folder that stands for several runs of one config. Each of
 * them is an ordinary run folder beside it, called `<id>-<member>`: nothing has to be kept in step, whenever
 * a process stops.
 */
export interface GroupManifest {
  readonly format: 1;
  readonly kind: string;
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly config: {
    /** Seen from this folder. */
    readonly file: string;
    readonly sha256: string;
  };
  /** Names of the members in their order: `1`, `2`, …, `final`. */
  readonly members: readonly string[];
  /** What the kind needs besides the config, plain. */
  readonly options?: unknown;
}

export interface NewGroup extends Pick<GroupManifest, 'kind' | 'members' | 'options'> {
  readonly root: string;
  readonly name: string;
  readonly configFile: string;
  readonly configText: string;
  readonly resolvedText: string;
}

/** A group that this process works on; closing it lets others do so. */
export interface GroupFolder {
  readonly path: string;
  /** With forward slashes: `experiments/<name>/<id>`. */
  readonly group: string;
  /** Names one more member in `group.json`, unless it is there already. @throws MlxError `record-write` */
  add(member: string): Promise<void>;
  /** Folder of a member, there or not. */
  member(name: string): string;
  /** Replaces `result.json`. @throws MlxError `record-write` */
  result(result: object): Promise<void>;
  /** Writes `predictions.csv`, given in lines. @throws MlxError `record-write` */
  predictions(lines: Iterable<string>): Promise<void>;
  close(): void;
  /** Takes a group away that has no run yet. */
  remove(): Promise<void>;
}

/**
 * Claims a folder and writes what a group starts with. If that fails nothing stays behind.
 * @throws MlxError `record-write`
 */
export async function createGroup(group: NewGroup): Promise<GroupFolder> {
  const path = await claimFolder(group.root, group.name);
  let lease: Lease | undefined;
  try {
    lease = takeLease(path);
    const manifest: GroupManifest = {
      format: 1,
      kind: group.kind,
      started: new Date().toISOString(),
      config: {
        file: relative(path, group.configFile).replaceAll('\\', '/'),
        sha256: configHash(group.resolvedText),
      },
      members: group.members,
      ...(group.options !== undefined && { options: group.options }),
    };
    await writeAtomically(join(path, FILES.group), pretty(manifest));
    await writeAtomically(join(path, FILES.resolved), group.resolvedText);
    // Last, as in a run's folder.
    await writeAtomically(join(path, FILES.config), group.configText);
    return opened(path, manifest, lease);
  } catch (error) {
    lease?.release();
    await removed(path);
    throw writeFailure(error, path);
  }
}

/** A group to go on with. @throws MlxError `run-busy`, `record-write` */
export const openGroup = ({ folder, manifest }: GroupRecord & { manifest: GroupManifest }): GroupFolder =>
  opened(folder, manifest, takeLease(folder));

function opened(path: string, manifest: GroupManifest, lease: Lease): GroupFolder {
  const members = [...manifest.members];
  return {
    path,
    group: path.replaceAll('\\', '/'),
    async add(member) {
      if (members.includes(member)) return;
      members.push(member);
      await writeAtomically(join(path, FILES.group), pretty({ ...manifest, members }));
    },
    member: (name) => memberFolder(path, name),
    result: (result) => writeAtomically(join(path, FILES.result), pretty(result)),
    predictions: (lines) => writeAtomically(join(path, FILES.predictions), lines),
    close: () => lease.release(),
    async remove() {
      lease.release();
      await removed(path);
    },
  };
}

/** Of a group's folder, which may be `.`, and a member's name. */
export function memberFolder(path: string, name: string): string {
  const place = basename(path) === basename(resolve(path)) ? path : resolve(path);
  return join(dirname(place), memberId(basename(place), name));
}

async function removed(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => {});
  await rmdir(dirname(path)).catch(() => {}); // unless it holds other runs
}

/** A group as found; what is missing or damaged is left out and named in `problems`. */
export interface GroupRecord extends RunPlace {
  readonly manifest?: GroupManifest;
  /** `result.json`: who wrote it knows what it holds. */
  readonly result?: Readonly<Record<string, unknown>>;
  readonly config?: string;
  readonly resolved?: string;
  readonly running: boolean;
  readonly tags: readonly string[];
  readonly note: string;
  readonly problems: readonly string[];
}

/** Never throws for what a folder holds. */
export function readGroup(folder: string): GroupRecord {
  const problems: string[] = [];
  const place = resolve(folder);
  const text = (file: string) => {
    try {
      return readFileSync(join(folder, file), 'utf8');
    } catch {
      problems.push(`${file} can't be read`);
      return undefined;
    }
  };
  const manifest = readJson(folder, FILES.group, problems, asManifest);
  const result = readJson(folder, FILES.result, problems, (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined,
  );
  const { tags, note } = readTags(folder, problems);
  return {
    name: basename(dirname(place)),
    id: basename(place),
    folder,
    ...(manifest && { manifest }),
    ...(result && { result }),
    config: text(FILES.config),
    resolved: text(FILES.resolved),
    running: readLease(folder)?.alive === true,
    tags,
    note,
    problems,
  };
}

function asManifest(value: unknown): GroupManifest | undefined {
  const { kind, started, config, members } = value as GroupManifest;
  const texts = [kind, started, config?.file, config?.sha256];
  const named =
    Array.isArray(members) && members.every((m) => typeof m === 'string' && /^(\d+|final)$/.test(m));
  return texts.every((t) => typeof t === 'string') && named && members.length > 0
    ? (value as GroupManifest)
    : undefined;
}

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
