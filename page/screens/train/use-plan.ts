/** @file What a draft would be, asked when the person pauses; the last answer stays until the next is there. */
import { useEffect, useState } from 'react';
import type { TrainPreview } from '../../../src/studio/interface/form-operations.ts';
import { useLook } from '../../backend/use-look.ts';
import { useSettled } from '../../parts/use-settled.ts';
import { type Draft, nestedSettings } from './use-training-draft.ts';

/** Milliseconds without a change. */
const pause = 250;

export interface DraftPlan {
  /** Of an earlier draft while `isCurrent` is false. */
  readonly preview: TrainPreview | undefined;
  /** Without those of values that have been changed since. */
  readonly problems: TrainPreview['problems'];
  readonly isCurrent: boolean;
  readonly error: Error | null;
}

export function usePlan(draft: Draft): DraftPlan {
  const asked = useSettled(draft, pause);
  const { dataset, name, settings } = asked;
  const { data, error, isPlaceholderData } = useLook('plan.train', {
    settings: {
      ...nestedSettings(settings),
      ...(dataset === undefined ? {} : { images: dataset }),
    },
    ...(name.trim() === '' ? {} : { name: name.trim() }),
  });
  const [answered, setAnswered] = useState(asked);
  useEffect(() => {
    if (data !== undefined && !isPlaceholderData) setAnswered(asked);
  }, [data, isPlaceholderData, asked]);
  const problems = (data?.problems ?? []).filter(
    ({ key }) => valueIn(answered, key) === valueIn(draft, key),
  );
  return { preview: data, problems, isCurrent: asked === draft && !isPlaceholderData, error };
}

/** What a problem's key stands for. */
function valueIn({ dataset, name, settings }: Draft, key = ''): unknown {
  return key === 'images' ? dataset : key === 'out' ? name : settings[key];
}
