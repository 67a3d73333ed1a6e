/** @file Axes and their values in words. */
import type { Axis } from '../../../../src/studio/interface/comparison-operations.ts';
import { useLook } from '../../../backend/use-look.ts';
import { useWords } from '../../../words/use-words.tsx';
import { axisWord } from './axis-kinds.ts';

type Value = Axis['values'][number];

export interface AxisWords {
  readonly nameOf: (axis: string) => string;
  /** As it stands beside its axis: `0.5`. */
  readonly textOf: (axis: string, value: Value) => string;
  /** As it stands alone: `strength 0.5`. */
  readonly wholeOf: (axis: string, value: Value) => string;
}

export function useAxisWords(): AxisWords {
  const { t, formats } = useWords();
  const { data: runs = [] } = useLook('runs.list', {});
  const nameOf = (axis: string) => {
    const word = axisWord(axis);
    return word === undefined ? axis : t(word);
  };
  const textOf = (axis: string, value: Value) => {
    if (axis === 'run') return runs.find(({ id }) => id === value)?.name ?? String(value);
    if (axis === 'checkpoint' && value === 0) return t('compare.without');
    if (typeof value === 'boolean') return value ? t('compare.yes') : t('compare.no');
    if (value === '') return t('compare.nothing');
    return typeof value === 'number' && axis !== 'seed' ? formats.number(value) : String(value);
  };
  const speaksForItself = (axis: string, value: Value) =>
    axis === 'prompt' || axis === 'run' || (axis === 'checkpoint' && value === 0);
  return {
    nameOf,
    textOf,
    wholeOf: (axis, value) =>
      speaksForItself(axis, value)
        ? textOf(axis, value)
        : t('compare.whole', { name: nameOf(axis), value: textOf(axis, value) }),
  };
}
