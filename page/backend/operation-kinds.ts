/** @file Operations by what they are. */
import type { OperationName, Operations } from '../../src/studio/interface/studio.ts';

type NamesOf<Kind extends 'look' | 'change'> = {
  [Name in OperationName]: Operations[Name]['kind'] extends Kind ? Name : never;
}[OperationName];

export type LookName = NamesOf<'look'>;
export type ChangeName = NamesOf<'change'>;

/** The type of an operation says it already, but types are gone when a page runs. */
export const operationKinds: {
  readonly [Name in OperationName]: Operations[Name]['kind'];
} = {
  'session.get': 'look',
  'preferences.set': 'change',
  'bases.list': 'look',
  'bases.step': 'look',
  'models.list': 'look',
  'models.remove': 'change',
  'storage.get': 'look',
  'storage.clear': 'change',
  'forms.get': 'look',
  'plan.train': 'look',
  'datasets.list': 'look',
  'datasets.get': 'look',
  'datasets.create': 'change',
  'datasets.change': 'change',
  'datasets.remove': 'change',
  'datasets.caption': 'change',
  'datasets.captions': 'change',
  'datasets.frame': 'change',
  'datasets.mask': 'change',
  'datasets.remove-picture': 'change',
  'datasets.restore-picture': 'change',
  'runs.list': 'look',
  'runs.get': 'look',
  'runs.curve': 'look',
  'runs.stop': 'change',
  'runs.checkpoint': 'change',
  'runs.sample': 'change',
  'runs.remove': 'change',
  'jobs.list': 'look',
  'jobs.add': 'change',
  'jobs.move': 'change',
  'jobs.remove': 'change',
  'jobs.retry': 'change',
  'drawings.list': 'look',
  'drawings.start': 'change',
  'drawings.cancel': 'change',
  'gallery.list': 'look',
  'gallery.settings': 'look',
  'gallery.star': 'change',
  'gallery.remove': 'change',
  'comparisons.list': 'look',
  'comparisons.get': 'look',
  'comparisons.draw': 'change',
  'comparisons.cancel': 'change',
  'comparisons.sheet': 'change',
  'adapters.list': 'look',
  'adapters.inspect': 'look',
  'adapters.grid': 'look',
  'adapters.remove': 'change',
  'adapters.convert': 'change',
  'adapters.making': 'look',
  'adapters.merge': 'change',
  'adapters.extract': 'change',
  'sweeps.list': 'look',
  'sweeps.get': 'look',
  'sweeps.bundled': 'look',
  'sweeps.check': 'look',
  'sweeps.create': 'change',
  'sweeps.start': 'change',
  'sweeps.stop': 'change',
  'sweeps.report': 'change',
  'sweeps.remove': 'change',
};
