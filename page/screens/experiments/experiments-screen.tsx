/** @file Screen: experiments: all of them, a new one, or one with its tasks and its report. */
import type { ScreenProps } from '../registry.ts';
import { NewSweep } from './make/new-sweep.tsx';
import { OneSweep } from './one/one-sweep.tsx';
import { SweepList } from './sweep-list.tsx';

export function ExperimentsScreen({ id }: ScreenProps) {
  if (id === undefined) return <SweepList />;
  return id === 'new' ? <NewSweep /> : <OneSweep id={id} />;
}
