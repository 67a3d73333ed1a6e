/** @file Settings as a reader knows them: paths in words, and what all variants have in common. */
import { isRecord } from '../../../base/record.ts';
import type { SweepResults } from '../../sweep/run/results.ts';
import { settingValue } from './number-words.ts';

/** A name and a value in words. */
export type Fact = readonly [name: string, value: string];

/** Names of subjects as words: `alarm_clock` is alarm clock. */
export function subjectWords(name: string): string {
  return name.replaceAll(/[_-]+/g, ' ');
}

type Settings = Readonly<Record<string, unknown>>;
type Variant = SweepResults['variants'][number];

/** All settings of a variant, nested ones by path, training first. */
export function settingsOf({ settings }: Variant): readonly Fact[] {
  return [
    ...flat(settings.train ?? {}).map(([path, value]) => [`train.${path}`, value] as const),
    ...flat(settings.draw ?? {}).map(([path, value]) => [`draw.${path}`, value] as const),
  ];
}

/** The settings that are alike in every variant that trains, and in every one that draws. */
export function commonSettings(variants: readonly Variant[]): readonly Fact[] {
  const stated = variants.map((variant) => new Map(settingsOf(variant)));
  const kinds = ['train.', 'draw.'];
  return kinds.flatMap((kind) => {
    const own = stated.filter((settings) =>
      [...settings.keys()].some((path) => path.startsWith(kind)),
    );
    const [first = new Map<string, string>()] = own;
    return [...first].filter(
      ([path, value]) =>
        path.startsWith(kind) && own.every((settings) => settings.get(path) === value),
    );
  });
}

function flat(settings: Settings, prefix = ''): Fact[] {
  return Object.entries(settings).flatMap(([name, value]): Fact[] => {
    const path = `${prefix}${name}`;
    if (isRecord(value)) return flat(value, `${path}.`);
    return value === undefined || value === null ? [] : [[path, settingValue(value)]];
  });
}
