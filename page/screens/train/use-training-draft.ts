/** @file What the person has set so far. It lies in the browser, so that neither a reload nor an error loses it. */
import { useEffect, useState } from 'react';
import type { Settings } from '../../../src/studio/interface/operation-shapes.ts';

export interface Draft {
  /** Id of the data set. */
  readonly dataset: string | undefined;
  /** Of the run; empty where one is to be found. */
  readonly name: string;
  /** Given ones alone; options of the method under keys such as `adapterOptions.a1`. */
  readonly settings: Settings;
}

export const emptyDraft: Draft = { dataset: undefined, name: '', settings: {} };

/** An address would be too short for prompts, and would put half a form into what people share. */
const place = 'train-draft';

export function useTrainingDraft(): readonly [Draft, (change: (draft: Draft) => Draft) => void] {
  const [draft, setDraft] = useState(keptDraft);
  useEffect(() => {
    try {
      window.localStorage.setItem(place, JSON.stringify(draft));
    } catch {
      // A browser that keeps nothing still trains.
    }
  }, [draft]);
  return [draft, setDraft];
}

function keptDraft(): Draft {
  try {
    const kept: unknown = JSON.parse(window.localStorage.getItem(place) ?? 'null');
    return isDraft(kept) ? kept : emptyDraft;
  } catch {
    return emptyDraft;
  }
}

function isDraft(kept: unknown): kept is Draft {
  if (typeof kept !== 'object' || kept === null) return false;
  const { name, settings, dataset } = kept as Partial<Record<keyof Draft, unknown>>;
  return (
    typeof name === 'string' &&
    typeof settings === 'object' &&
    settings !== null &&
    (dataset === undefined || typeof dataset === 'string')
  );
}

/** A setting given, or taken back. */
export function withSetting(draft: Draft, key: string, value: unknown): Draft {
  const { [key]: _, ...others } = draft.settings;
  // Another method has other options.
  const kept =
    key === 'adapter'
      ? Object.fromEntries(Object.entries(others).filter(([each]) => !isOption(each)))
      : others;
  return { ...draft, settings: value === undefined ? kept : { ...kept, [key]: value } };
}

function isOption(key: string): boolean {
  return key.startsWith('adapterOptions.');
}

/** As operations take them: options of the method together. */
export function nestedSettings(settings: Settings): Settings {
  const entries = Object.entries(settings);
  const options = entries
    .filter(([key]) => isOption(key))
    .map(([key, value]) => [key.slice('adapterOptions.'.length), value]);
  const others = entries.filter(([key]) => !isOption(key));
  return {
    ...Object.fromEntries(others),
    ...(options.length === 0 ? {} : { adapterOptions: Object.fromEntries(options) }),
  };
}

/** The other way round. */
export function flatSettings({ adapterOptions, ...others }: Settings): Settings {
  const options = Object.entries({ ...Object(adapterOptions) });
  return {
    ...others,
    ...Object.fromEntries(options.map(([key, value]) => [`adapterOptions.${key}`, value])),
  };
}
