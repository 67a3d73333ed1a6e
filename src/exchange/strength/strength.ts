/** @file How strong a module is: the first of the places that state alpha, and what to say where another disagrees. */
import { alphaTensor, type ForeignModule, refusal } from '../methods/foreign-module.ts';
import type { StatedAlpha } from './stated-strength.ts';

/** What the product of rank r is multiplied by: alpha / r, or alpha / √r, and -1 where it is inverted. */
export interface Strength {
  /** Above 0. */
  readonly alpha: number;
  readonly sign: 1 | -1;
  readonly rankStabilized: boolean;
}

/** What ΔW is multiplied by. */
export function scaleOf({ alpha, sign, rankStabilized }: Strength, rank: number): number {
  return (sign * alpha) / (rankStabilized ? Math.sqrt(rank) : rank);
}

interface Found extends StatedAlpha {
  readonly source: string;
  readonly isUsual: boolean;
}

/**
 * The strength of a module whose tensors are products of inner size `rank`. The first of these counts: its tensor
 * `alpha`, adapter_config.json, `lora_adapter_metadata`, other keys of the header; where no tool would have left it
 * out, the rank itself.
 *
 * @throws AdapterError ALPHA_MISSING where the file should state it, ALPHA_INVALID where it is no strength
 */
export function strengthOf(module: ForeignModule, rank: number): Strength {
  const [first, ...others] = statedAlphas(module);
  if (first === undefined)
    return { alpha: unstatedAlpha(module, rank), sign: 1, rankStabilized: false };
  const { alpha, rankStabilized, source } = first;
  if (alpha === 0 || !Number.isFinite(alpha)) {
    const meaning = alpha === 0 ? ', so that it would change nothing' : '';
    throw refusal(
      module,
      'ALPHA_INVALID',
      `alpha is ${alpha} in ${source}${meaning}; expected another number: take another copy of the file`,
    );
  }
  const { notes } = module;
  const said = others.find((other) => !isSameScale(first, other, rank));
  if (said !== undefined) {
    notes.add(
      `${source}|${said.source}`,
      `alpha is ${described(first)} in ${source} and ${described(said)} in ${said.source}; the former is followed: multiply the strength by ${scaleRatio(said, first, rank)} to have the latter`,
      module.name,
    );
  }
  if (!first.isUsual) {
    notes.add(
      source,
      `alpha ${described(first)} of rank ${rank} stands in ${source} alone and is followed; programs that do not look there take ${rank}`,
      module.name,
    );
  }
  if (first.rank !== undefined && first.rank !== rank) {
    notes.add(
      `rank of ${source}`,
      `the rank is ${first.rank} in ${source} and ${rank} in the tensors; alpha ${described(first)} is divided by the latter`,
      module.name,
    );
  }
  return { alpha: Math.abs(alpha), sign: alpha < 0 ? -1 : 1, rankStabilized };
}

/** All that is stated, the first of which counts. */
function statedAlphas(module: ForeignModule): readonly Found[] {
  const tensor = alphaTensor(module);
  const own = { rank: undefined, rankStabilized: false, source: 'its tensors', isUsual: true };
  return [
    ...(tensor === undefined ? [] : [{ ...own, alpha: tensor }]),
    ...module.statements.flatMap(({ source, isUsual, at }) => {
      const stated = at(module.statedFor);
      return stated === undefined ? [] : [{ ...stated, source, isUsual }];
    }),
  ];
}

function unstatedAlpha(module: ForeignModule, rank: number): number {
  if (!module.needsAlpha) return rank;
  throw refusal(
    module,
    'ALPHA_MISSING',
    `there is no "${module.name}.alpha", which says how strong it is; other tools then take the rank (${rank}), so that the scale is 1: tolerate "missing-alpha" to do the same`,
  );
}

/** Alpha in bfloat16 keeps eight bits. */
const roundingOfAlpha = 2 ** -7;

function isSameScale(a: StatedAlpha, b: StatedAlpha, rank: number): boolean {
  return Math.abs(scaleRatio(a, b, rank) - 1) < roundingOfAlpha;
}

function scaleRatio(a: StatedAlpha, b: StatedAlpha, rank: number): number {
  const numerator = (stated: StatedAlpha) =>
    stated.rankStabilized ? stated.alpha * Math.sqrt(rank) : stated.alpha;
  return Number((numerator(a) / numerator(b)).toPrecision(4));
}

function described({ alpha, rankStabilized }: StatedAlpha): string {
  return `${Number(alpha.toPrecision(6))}${rankStabilized ? ' (rank-stabilised)' : ''}`;
}
