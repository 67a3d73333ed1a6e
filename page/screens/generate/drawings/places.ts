/** @file The places of a drawing's pictures: filled, being filled, or empty. */
import type { Drawing } from '../../../../src/studio/interface/drawing-operations.ts';
import { isUnderWay } from '../../../parts/words/drawing-words.ts';

export interface Place {
  /** Undefined until it is there. */
  readonly picture: string | undefined;
  /** How far it is, where it is being drawn. */
  readonly share: number | undefined;
  /** Of the adapter that a sweep is over. */
  readonly strength: number | undefined;
  readonly alt: string;
}

/** Places that are shown; the gallery has the others. */
const most = 8;

/** @param drawings one, or those of a sweep */
export function placesOf(drawings: readonly Drawing[]): {
  readonly places: readonly Place[];
  /** Pictures without a place here. */
  readonly more: number;
} {
  const swept = drawings.length > 1 ? sweptAdapter(drawings) : undefined;
  const all = drawings.flatMap((drawing) => placesOfOne(drawing, strengthOf(drawing, swept)));
  // With the newest picture in sight.
  const next = all.findIndex(({ picture }) => picture === undefined);
  const end = Math.max(most, next === -1 ? 0 : next + 1);
  const places = all.slice(Math.max(0, end - most), end);
  return { places, more: all.length - places.length };
}

function placesOfOne(drawing: Drawing, strength: number | undefined): Place[] {
  const { pictures, total, done, progress, state, request } = drawing;
  const { prompt } = request.settings;
  const alt = [prompt ?? []].flat().join(', ');
  return Array.from({ length: isUnderWay(drawing) ? total : pictures.length }, (_, n) => {
    // Of all pictures together; those before this one are whole.
    const share = Math.min(Math.max(progress * total - n, 0), 1);
    const isNext = state === 'drawing' && n === done;
    return { picture: pictures[n], share: isNext ? share : undefined, strength, alt };
  });
}

/** The adapter whose strengths differ. */
function sweptAdapter(drawings: readonly Drawing[]): string | undefined {
  const [first, second] = drawings;
  return first?.request.adapters.find(({ id, strength }) => {
    const other = second?.request.adapters.find((each) => each.id === id);
    return other !== undefined && other.strength !== strength;
  })?.id;
}

function strengthOf({ request }: Drawing, adapter: string | undefined): number | undefined {
  return request.adapters.find(({ id }) => id === adapter)?.strength;
}
