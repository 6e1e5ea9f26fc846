/** The named random streams, for the folders above the catalogue that split, generate and resample. */
export { normal, type StreamKey, shuffled, streamKey, uniform } from '../graph/random.ts';
