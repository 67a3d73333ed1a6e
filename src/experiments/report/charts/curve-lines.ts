/** @file The lines of a curve: which variants lie on which, and where the paper's numbers are. */
import { grouped } from '../../../base/grouped.ts';
import type { Figure } from '../../sweep/spec/spec.ts';
import { factorName } from '../../sweep/spec/variants.ts';
import { settingValue } from '../words/number-words.ts';
import type { VariantPoint } from './variant-points.ts';

type CurveFigure = Extract<Figure, { kind: 'curve' }>;

export interface CurvePoint {
  /** A number, or a position among names. */
  readonly x: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly paper: number | undefined;
}

export interface CurveLine {
  readonly name: string;
  readonly points: readonly CurvePoint[];
}

export interface Curve {
  readonly lines: readonly CurveLine[];
  /** Variants without the setting, such as the base model: level lines. */
  readonly levels: readonly { readonly name: string; readonly mean: number }[];
  /** Names of the positions; undefined where x is a number. */
  readonly names: readonly string[] | undefined;
}

/** Sorts points into lines, one for each value of the series and whatever else differs. */
export function curveOf(points: readonly VariantPoint[], { x, series }: CurveFigure): Curve {
  const on = points.filter(({ variant }) => Object.hasOwn(variant.factors, x));
  const isNumeric = on.every(({ variant }) => typeof variant.factors[x] === 'number');
  const names = [...new Set(on.map(({ variant }) => settingValue(variant.factors[x])))];
  const at = ({ variant }: VariantPoint) =>
    isNumeric ? Number(variant.factors[x]) : names.indexOf(settingValue(variant.factors[x]));
  const cases = new Set(on.map(({ variant }) => variant.case));
  const groups = grouped(on, ({ variant: { case: name, factors } }) => {
    const others = Object.entries(factors).filter(([path]) => path !== x && path !== series);
    const value = series === undefined ? undefined : factors[series];
    return [
      ...(cases.size > 1 ? [name] : []),
      ...(value === undefined ? [] : [`${factorName(series ?? '')} ${settingValue(value)}`]),
      ...others.map(([path, other]) => `${factorName(path)} ${settingValue(other)}`),
    ].join(', ');
  });
  const lines = [...groups].map(([name, members]) => ({
    name,
    points: members.map((point) => ({ ...point, x: at(point) })).sort((a, b) => a.x - b.x),
  }));
  const levels = points.filter(({ variant }) => !Object.hasOwn(variant.factors, x));
  return { lines, levels, names: isNumeric ? undefined : names };
}
