/** @file The settings of an earlier run, as a draft: those that are not what they would be anyway. */
import { useEffect } from 'react';
import type { ResolvedValue } from '../../../src/studio/interface/form-operations.ts';
import type { Settings } from '../../../src/studio/interface/operation-shapes.ts';
import { useLook } from '../../backend/use-look.ts';
import { type Draft, flatSettings } from './use-training-draft.ts';

/** What belongs to the run itself: its files. */
const ofRun = ['images', 'out', 'maskImages', 'priorImages', 'validationImages', 'init'];

/** @param onSettings hears once, with the run's name and what to take over */
export function useRunSettings(
  run: string | undefined,
  onSettings: (name: string, draft: Pick<Draft, 'settings' | 'dataset'>) => void,
): Error | null {
  const { data, error } = useLook('runs.get', run === undefined ? undefined : { id: run });
  const settings = data === undefined || run === undefined ? undefined : givenIn(data.settings);
  // What is usual depends on the base, then on the method and the optimiser.
  const ofBase = useUsual(settings && picked(settings, ['subject', 'base']));
  const kind =
    settings && ofBase && changed(picked(settings, ['base', 'adapter', 'optimizer']), ofBase);
  const usual = useUsual(settings && kind && { ...picked(settings, ['subject', 'base']), ...kind });
  useEffect(() => {
    if (data === undefined || settings === undefined || usual === undefined) return;
    const given = {
      ...changed(settings, usual),
      ...picked(settings, ['subject', 'base']),
      ...kind,
    };
    onSettings(data.name, { settings: given, dataset: data.dataset });
  });
  return run === undefined ? null : error;
}

type Values = Readonly<Record<string, ResolvedValue>>;

function useUsual(settings: Settings | undefined): Values | undefined {
  const { data, isPlaceholderData } = useLook('plan.train', settings && { settings });
  return isPlaceholderData || settings === undefined ? undefined : data?.values;
}

function givenIn(settings: Settings): Settings {
  const entries = Object.entries(flatSettings(settings));
  return Object.fromEntries(
    entries.filter(([key, value]) => !ofRun.includes(key) && value !== null && value !== undefined),
  );
}

function picked(settings: Settings, keys: readonly string[]): Settings {
  return Object.fromEntries(
    keys.filter((key) => key in settings).map((key) => [key, settings[key]]),
  );
}

function changed(settings: Settings, usual: Values): Settings {
  const isUsual = (key: string, value: unknown) =>
    JSON.stringify(usual[key]?.value) === JSON.stringify(value);
  return Object.fromEntries(
    Object.entries(settings).filter(([key, value]) => !isUsual(key, value)),
  );
}
