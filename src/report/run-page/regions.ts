import type { RegionsExhibit } from '../../protocol/exhibits.ts';
import { cut, html } from '../page/html.ts';
import { PALETTE } from '../page/style.ts';
import { chart, cross, diamond, dot, linear, marks, square, triangle } from '../page/svg.ts';
import { pngUri, titled } from './parts.ts';

const SHAPES = [dot(4), square(3.5), triangle(4), diamond(4.5), cross(3.5)];

/** What the model says everywhere on the plane of its two inputs. */
export function regionsSection(regions: RegionsExhibit): string {
  if (regions.cells.length !== regions.size ** 2 || !(regions.size < 512)) return '';
  const answers = regions.answers;
  const [x, y] = [0, 1].map((k) => {
    const axis = linear([regions.from[k]!, regions.to[k]!], cut(regions.names[k]!, 40));
    return {
      ...axis,
      from: regions.from[k]!,
      to: regions.to[k]!,
      ticks: axis.ticks.filter((t) => t.at >= regions.from[k]! && t.at <= regions.to[k]!),
    };
  });
  const drawn = chart(
    'what is predicted for each pair of inputs',
    { x: x!, y: y!, width: 460, height: 400 },
    (plot) => {
      const [left, top] = [plot.x(regions.from[0]), plot.y(regions.to[1])];
      const [w, h] = [plot.x(regions.to[0]) - left, plot.y(regions.from[1]) - top];
      const image = `<image href="${pngUri(pixels(regions, answers !== undefined), regions.size, regions.size)}" x="${left}" y="${top}" width="${w}" height="${h}" preserveAspectRatio="none" opacity=".45"/>`;
      return image + (answers ? answerPoints(plot, regions, answers.length) : valuePoints(plot, regions));
    },
  );
  const names = answers
    ?.slice(0, PALETTE.length)
    .map(
      (name, k) =>
        `<span><svg viewBox="0 0 22 10" aria-hidden="true"><path class="k${k}" d="${SHAPES[k % SHAPES.length]!(11, 5)}"/></svg>${html(cut(name, 30))}</span>`,
    );
  const [low, high] = [Math.min(...regions.cells), Math.max(...regions.cells)].map((v) =>
    String(Number(v.toPrecision(3))),
  );
  const legend = names
    ? `<p class="legend">${names.join('')}</p>`
    : `<p class="legend">blue is ${html(low!)}, orange ${html(high!)}</p>`;
  const scored = regions.points.some(({ part }) => part !== 'train');
  const why = `The plane is coloured by what the network says there, the marks by the truth.${scored ? ' Full marks are training examples, open ones were held out.' : ''}${answers ? ' A border that bends around single points has learned them by heart.' : ''}`;
  return titled('Decision regions', 'exhibits.json', why, `${legend}<figure class="wide">${drawn}</figure>`);
}

const channel = (hex: string, k: number) => Number.parseInt(hex.slice(1 + 2 * k, 3 + 2 * k), 16);

/** Row by row from the top: the largest second input first. */
function pixels({ size, cells }: RegionsExhibit, answers: boolean): Uint8Array {
  const out = new Uint8Array(size * size * 3);
  const [low, high] = [Math.min(...cells), Math.max(...cells)];
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const value = cells[(size - 1 - row) * size + column]!;
      const share = high === low ? 0 : (value - low) / (high - low);
      for (let k = 0; k < 3; k++)
        out[(row * size + column) * 3 + k] = answers
          ? channel(PALETTE[Math.abs(Math.trunc(value)) % PALETTE.length]!, k)
          : Math.round((1 - share) * channel(PALETTE[0]!, k) + share * channel(PALETTE[1]!, k));
    }
  return out;
}

type Plot = Parameters<typeof marks>[0];

function answerPoints(plot: Plot, { points }: RegionsExhibit, answers: number): string {
  let out = '';
  for (let k = 0; k < Math.min(answers, 100); k++)
    for (const train of [true, false]) {
      const own = points.filter((p) => p.value === k && (p.part === 'train') === train);
      const cls = `k${k % PALETTE.length}${train ? '' : ' open'}`;
      out += marks(
        plot,
        own.map((p) => [p.x, p.y] as const),
        cls,
        SHAPES[k % SHAPES.length]!,
      );
    }
  return out;
}

const valuePoints = (plot: Plot, { points }: RegionsExhibit): string =>
  marks(
    plot,
    points.map((p) => [p.x, p.y] as const),
    'dots',
    dot(2.5),
  );
