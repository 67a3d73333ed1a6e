/** @file Where a form shows a setting: under which heading, and to whom. Stands in the metadata of its schema. */

/** Headings of training and generating, in the order in which a form shows them. */
export const settingGroups = [
  ...['subject', 'prompt', 'adapters', 'model', 'method', 'pictures', 'picture'],
  ...['training', 'optimizer', 'loss', 'sampling', 'previews', 'machine'],
] as const;
export type SettingGroup = (typeof settingGroups)[number];

/** Who needs to see it: everybody, those who want more than a first result, or those who know why. */
export const settingLevels = ['simple', 'more', 'all'] as const;
export type SettingLevel = (typeof settingLevels)[number];

export interface SettingPlace {
  readonly group: SettingGroup;
  readonly level: SettingLevel;
}

/** Metadata of a setting: `.meta(shown('training', 'simple'))`. */
export function shown(group: SettingGroup, level: SettingLevel): { readonly place: SettingPlace } {
  return { place: { group, level } };
}
