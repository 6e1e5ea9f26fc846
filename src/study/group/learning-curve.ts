import { isDeepStrictEqual } from 'node:util';
import { configError } from '../../errors.ts';
import { isMetric } from '../../evaluate/index.ts';
import { curveMembers, sameFiles } from '../../pipeline/curve-members.ts';
import type { LoadedConfig } from '../../pipeline.ts';
import {
  configHash,
  createGroup,
  type GroupManifest,
  type GroupRecord,
  listGroups,
  memberFolder,
  openGroup,
  readGroup,
  readRun,
} from '../../record/index.ts';
import { asCurveOptions, CURVE, curveOf, type KeptOptions } from './curve.ts';
import { type GroupPorts, work } from './run-group.ts';

/**
 * Trains on growing shares of the training rows, scores them and validation, and reads the curve. Runs that an earlier call with the same
 * config and data finished aren't trained again.
 * @returns the exit code: 130 when interrupted, that of the first run that failed
 * @throws MlxError `usage`, `learning-curve`, `record-write`, `run-busy`
 */
export async function learningCurve(
  loaded: LoadedConfig,
  options: KeptOptions,
  ports: GroupPorts,
): Promise<number> {
  const { evaluation, name } = loaded.config;
  if (options.metric !== 'loss' && !evaluation.metrics.includes(options.metric))
    throw configError(
      'usage',
      `--metric: the config has no metric ${JSON.stringify(options.metric.slice(0, 80))}`,
      {
        help: `name one of ${['loss', ...evaluation.metrics].join(', ')}`,
      },
    );
  const asked = curveMembers(loaded, options);
  const earlier = await reusable(loaded, options, ports.experiments);
  const folder = earlier
    ? openGroup(earlier)
    : await createGroup({
        root: ports.experiments,
        name,
        kind: CURVE,
        members: asked.members.map((member) => member.name),
        options,
        configFile: loaded.file,
        configText: loaded.text,
        resolvedText: loaded.resolved,
      });
  return work(folder, loaded, asked, ports, (outcomes) => curveOf(outcomes, options));
}

/** The latest group of the same config, options and data, finished or not. */
async function reusable(
  loaded: LoadedConfig,
  { sizes, seeds, equal_steps }: KeptOptions,
  root: string,
): Promise<(GroupRecord & { manifest: GroupManifest }) | undefined> {
  const wanted = { sizes, seeds, equal_steps };
  const all = (await listGroups(root))
    .filter(({ name }) => name === loaded.config.name)
    .map(({ folder }) => readGroup(folder))
    .sort((a, b) => ((a.manifest?.started ?? '') < (b.manifest?.started ?? '') ? 1 : -1));
  for (const record of all) {
    const { manifest, folder } = record;
    if (manifest?.kind !== CURVE || manifest.config.sha256 !== configHash(loaded.resolved)) continue;
    const kept = asCurveOptions(manifest.options);
    if (
      !kept ||
      !isDeepStrictEqual({ sizes: kept.sizes, seeds: kept.seeds, equal_steps: kept.equal_steps }, wanted)
    )
      continue;
    const { lock } = await readRun(memberFolder(folder, '1'));
    if (!lock || (await sameFiles(loaded, lock))) return { ...record, manifest };
  }
  return undefined;
}

/** The metric that a curve is drawn of unless another is asked for. */
export const headlineOf = ({ config: { evaluation } }: LoadedConfig): string =>
  evaluation.metrics.find(isMetric) ?? 'loss';
