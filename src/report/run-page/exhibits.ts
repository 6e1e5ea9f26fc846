import type { Exhibit, ExhibitKind, ExhibitOf } from '../../protocol/exhibits.ts';
import { confusionSection } from './confusion.ts';
import { rankingSection, reliabilitySection } from './curves.ts';
import { ratesBlock } from './metrics.ts';
import { worstSection } from './mistakes.ts';
import { filtersBlock, layersSection, mapsBlock } from './network.ts';
import { regionsSection } from './regions.ts';
import type { DrawnPage } from './run-page.ts';
import { scatterSection } from './scatter.ts';

/**
 * How a kind looks on the page, and the id of the section that it stands in. '' is drawn where there is
 * nothing to see.
 */
interface Draw<K extends ExhibitKind> {
  readonly section: string;
  draw(exhibit: ExhibitOf<K>, page: DrawnPage): string;
}

const PAGE: { readonly [K in ExhibitKind]: Draw<K> } = {
  rates: { section: 'metrics', draw: ratesBlock },
  confusion: { section: 'confusion', draw: confusionSection },
  scatter: { section: 'fit', draw: scatterSection },
  examples: { section: 'worst', draw: worstSection },
  ranking: { section: 'ranking', draw: rankingSection },
  reliability: { section: 'calibration', draw: reliabilitySection },
  regions: { section: 'regions', draw: regionsSection },
  layers: { section: 'network', draw: layersSection },
  filters: { section: 'network', draw: filtersBlock },
  maps: { section: 'network', draw: mapsBlock },
  // The section tells of the data's files as well, which a run has without any exhibit.
  dataset: { section: 'data', draw: () => '' },
};

const drawOf = <K extends ExhibitKind>(exhibit: ExhibitOf<K>): Draw<K> | undefined => PAGE[exhibit.kind as K];

/** What the exhibits put into one section, in their order. */
export const drawnIn = (section: string, page: DrawnPage): string[] =>
  page.exhibits.flatMap((exhibit: Exhibit) => {
    const found = drawOf(exhibit);
    const text = found?.section === section ? found.draw(exhibit, page) : '';
    return text === '' ? [] : [text];
  });

/** Exhibits of a page that has no run of its own. */
export const drawnExhibits = (exhibits: readonly Exhibit[]): string[] =>
  exhibits.map((exhibit) => drawOf(exhibit)?.draw(exhibit, { exhibits }) ?? '').filter((text) => text !== '');
