import { dataError } from '../../errors.ts';
import type { TargetShape } from '../../protocol/target.ts';
import type { NamedFile } from '../files/data-file.ts';
import type { DataShape, RawData } from '../raw-data.ts';
import type { SourceContext } from '../source-context.ts';
import { type IdxFile, peekIdx, peekLabels, readIdx } from './idx-format.ts';

/** A file of images and the file of their labels, both IDX. */
export interface ImagePair {
  readonly images: NamedFile;
  readonly labels: NamedFile;
}

/** Class names "0", "1", … up to the highest label. */
const numbered = (highest: number): string[] => Array.from({ length: highest + 1 }, (_, i) => String(i));
const highestOf = (labels: readonly Uint8Array[]): number =>
  labels.reduce((most, part) => part.reduce((a, b) => Math.max(a, b), most), 0);

/** Labels are classes, or numbers to regress on. */
export function labelTarget(classes: readonly string[], ctx: SourceContext): TargetShape {
  return ctx.numeric ? { kind: 'number', columns: [ctx.target ?? 'label'] } : { kind: 'class', classes };
}

/** From the headers alone (and the small label files, when no class names are given). */
export function describeImages(
  pairs: readonly ImagePair[],
  classes: readonly string[] | null,
  ctx: SourceContext,
): DataShape | undefined {
  const sizes = pairs.map((pair) => peekIdx(pair.images.path, 3));
  const labels = classes === null ? pairs.map((pair) => peekLabels(pair.labels.path)) : [];
  const first = sizes[0];
  if (first === undefined || sizes.includes(undefined) || labels.includes(undefined)) return undefined;
  return {
    shape: [first[1]!, first[2]!, 1],
    target: labelTarget(classes ?? numbered(highestOf(labels as Uint8Array[])), ctx),
    count: sizes.reduce((sum, size) => sum + size![0]!, 0),
  };
}

/**
 * Reads one pair, or the training pair and the test pair, into `[count, height, width, 1]` bytes.
 * @param classes names by label; null: "0" up to the highest label
 */
export async function readImages(
  pairs: readonly ImagePair[],
  classes: readonly string[] | null,
  ctx: SourceContext,
): Promise<RawData> {
  const parts: { images: IdxFile; labels: IdxFile }[] = [];
  for (const pair of pairs) {
    const part = { images: await readIdx(pair.images, 3), labels: await readIdx(pair.labels, 1) };
    checkPair(part.images, part.labels, parts[0]?.images);
    if (classes !== null) checkLabels(part.labels, classes);
    parts.push(part);
  }
  const [, height, width] = parts[0]!.images.sizes;
  const count = parts.reduce((sum, part) => sum + part.images.sizes[0]!, 0);
  // In shared memory from the start: the training thread reads the same bytes.
  const x = new Uint8Array(new SharedArrayBuffer(count * height! * width!));
  const y = ctx.numeric ? new Float32Array(count) : new Int32Array(count);
  let row = 0;
  for (const { images, labels } of parts) {
    x.set(images.content, row * height! * width!);
    y.set(labels.content, row);
    row += images.sizes[0]!;
  }
  return {
    shape: [height!, width!, 1],
    target: labelTarget(classes ?? numbered(highestOf(parts.map((part) => part.labels.content))), ctx),
    count,
    x,
    y,
    train: parts.length > 1 ? parts[0]!.images.sizes[0] : undefined,
    files: parts.flatMap((part) => [part.images.file, part.labels.file]),
  };
}

function checkPair(images: IdxFile, labels: IdxFile, first: IdxFile | undefined): void {
  const [count, height, width] = images.sizes;
  if (count !== labels.sizes[0])
    throw dataError(
      'idx-mismatch',
      `${images.file.name} holds ${count} images, but ${labels.file.name} holds ${labels.sizes[0]} labels`,
      { help: 'name the two files that belong together' },
    );
  if (first !== undefined && (height !== first.sizes[1] || width !== first.sizes[2]))
    throw dataError(
      'idx-mismatch',
      `images of ${first.file.name} are ${first.sizes[1]} x ${first.sizes[2]}, those of ${images.file.name} are ${height} x ${width}`,
      { help: 'training and test images need one size' },
    );
}

function checkLabels(labels: IdxFile, classes: readonly string[]): void {
  const row = labels.content.findIndex((label) => label >= classes.length);
  if (row >= 0)
    throw dataError(
      'label-range',
      `${labels.file.name}: label ${labels.content[row]} of example ${row} has no name; \`classes\` has ${classes.length}`,
      { help: `give ${highestOf([labels.content]) + 1} names, or leave \`classes\` out` },
    );
}
