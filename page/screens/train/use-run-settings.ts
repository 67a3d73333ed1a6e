/** @file The settings of an earlier run, as a draft: those that are not what they would be anyway. */
import { useEffect } from 'react';
import type { RunDetail } from '../../../src/studio/interface/run-operations.ts';
import { useLook } from '../../backend/use-look.ts';
import { type Draft, flatSettings } from './use-draft.ts';

/** What belongs to the run itself: files, and its machine. */
const ofRun = ['images', 'out', 'priorImages', 'init', 'class'];

/** @param onSettings hears once, with the run's name and what to take over */
export function useRunSettings(
  run: string | undefined,
  onSettings: (name: string, draft: Pick<Draft, 'settings' | 'dataset'>) => void,
): Error | null {
  const { data, error } = useLook('runs.get', run === undefined ? undefined : { id: run });
  const settings = data === undefined || run === undefined ? undefined : settingsOf(data);
  const { data: usual } = useLook(
    'plan.train',
    settings === undefined ? undefined : { settings: kindOf(settings) },
  );
  useEffect(() => {
    if (data === undefined || settings === undefined || usual === undefined) return;
    const changed = Object.entries(settings).filter(
      ([key, value]) => JSON.stringify(usual.values[key]?.value) !== JSON.stringify(value),
    );
    const given = { ...Object.fromEntries(changed), ...kindOf(settings) };
    onSettings(data.name, { settings: given, dataset: data.dataset });
  });
  return run === undefined ? null : error;
}

function settingsOf({ settings }: RunDetail): Record<string, unknown> {
  const entries = Object.entries(flatSettings(settings));
  return Object.fromEntries(
    entries.filter(([key, value]) => !ofRun.includes(key) && value != null),
  );
}

/** What decides what is usual. */
function kindOf(settings: Readonly<Record<string, unknown>>) {
  const kept = ['base', 'adapter', 'subject', 'optimizer'].filter((key) => key in settings);
  return Object.fromEntries(kept.map((key) => [key, settings[key]]));
}
