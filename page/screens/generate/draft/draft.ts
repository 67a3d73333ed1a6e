/** @file What the form holds, and the drawing that it asks for. */
import type {
  DrawRequest,
  UsedAdapter,
} from '../../../../src/studio/interface/drawing-operations.ts';
import type { Stroke } from '../../../parts/brush/strokes.ts';

/** The picture to begin with, and the part of it that is painted anew. */
export interface BeginPicture {
  readonly picture: string;
  /** What was painted, so that it can be changed. */
  readonly strokes: readonly Stroke[];
  /** Id of the mask that was sent; undefined where nothing is painted. */
  readonly mask: string | undefined;
}

export interface Draft {
  readonly prompts: readonly string[];
  readonly negative: string;
  readonly adapters: readonly UsedAdapter[];
  readonly seed: number;
  /** Whether the next drawing has the same seed. */
  readonly keepsSeed: boolean;
  readonly count: number;
  /** Undefined for that of the adapters. */
  readonly base: string | undefined;
  /** All others that were changed, by the settings' names. */
  readonly others: Readonly<Record<string, unknown>>;
  readonly begin: BeginPicture | undefined;
}

export const strengthMin = -0.5;
export const strengthMax = 1.5;
/** Of a sweep: from without the adapter to beyond it. */
export const sweptStrengths = [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5];

export function emptyDraft(seed: number): Draft {
  return {
    ...{ prompts: [''], negative: '', adapters: [], seed, keepsSeed: false, count: 4 },
    ...{ base: undefined, others: {}, begin: undefined },
  };
}

/** Prompts that say something. */
export function promptsOf({ prompts }: Draft): readonly string[] {
  return prompts.map((prompt) => prompt.trim()).filter((prompt) => prompt !== '');
}

export function requestOf(draft: Draft): DrawRequest {
  const { negative, adapters, seed, count, base, others, begin } = draft;
  const prompts = promptsOf(draft);
  const settings = {
    ...others,
    prompt: prompts.length === 1 ? prompts[0] : prompts,
    ...(negative.trim() === '' ? {} : { negative: negative.trim() }),
    ...{ seed, count },
  };
  return {
    ...{ adapters, settings },
    ...(base === undefined ? {} : { base }),
    ...(begin === undefined ? {} : { initImage: begin.picture }),
    ...(begin?.mask === undefined ? {} : { mask: begin.mask }),
  };
}

/** One drawing of one picture for each strength of an adapter; everything else is the same. */
export function sweepOf(draft: Draft, adapter: string): readonly DrawRequest[] {
  return sweptStrengths.map((strength) =>
    requestOf({
      ...{ ...draft, count: 1, prompts: promptsOf(draft).slice(0, 1) },
      adapters: draft.adapters.map((used) =>
        used.id === adapter ? { id: used.id, strength } : used,
      ),
    }),
  );
}

/**
 * The form filled with the settings of a picture.
 *
 * @param defaults of the form's fields: what is as usual is left out
 */
export function draftOf(
  { adapters, base, settings }: DrawRequest,
  defaults: Readonly<Record<string, unknown>>,
  before: Draft,
): Draft {
  const { prompt, negative, seed, count, ...found } = settings;
  const isOther = ([key, value]: [string, unknown]) =>
    Object.hasOwn(defaults, key) && value !== defaults[key];
  return {
    prompts: [prompt ?? ''].flat().map(String),
    negative: typeof negative === 'string' ? negative : '',
    adapters,
    seed: typeof seed === 'number' ? seed : before.seed,
    keepsSeed: true,
    count: typeof count === 'number' ? count : 1,
    base: adapters.length === 0 ? base : undefined,
    others: Object.fromEntries(Object.entries(found).filter(isOther)),
    begin: undefined,
  };
}
