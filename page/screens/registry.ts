/** @file All screens: where each is, and how it is loaded. A screen is added by its file and a line here. */
import type { ComponentType } from 'react';
import type { IconName } from '../parts/icon.tsx';
import type { PlainWordKey } from '../words/use-words.tsx';

export interface ScreenProps {
  /** What the address names after the screen: a run, a data set. */
  readonly id: string | undefined;
}

export interface Screen {
  readonly path: string;
  readonly title: PlainWordKey;
  readonly load: () => Promise<ComponentType<ScreenProps>>;
  /** Its place in the rail; none for what is reached from another screen. */
  readonly rail?: { readonly icon: IconName; readonly key: string };
}

export const screens: readonly Screen[] = [
  {
    path: '/',
    title: 'home.title',
    rail: { icon: 'home', key: 'h' },
    load: async () => (await import('./home/home-screen.tsx')).HomeScreen,
  },
  {
    path: '/datasets/:id?',
    title: 'pictures.title',
    rail: { icon: 'pictures', key: 'p' },
    load: async () => (await import('./pictures/pictures-screen.tsx')).PicturesScreen,
  },
  {
    path: '/train',
    title: 'train.title',
    rail: { icon: 'train', key: 't' },
    load: async () => (await import('./train/train-screen.tsx')).TrainScreen,
  },
  {
    path: '/generate',
    title: 'generate.title',
    rail: { icon: 'generate', key: 'd' },
    load: async () => (await import('./generate/generate-screen.tsx')).GenerateScreen,
  },
  {
    path: '/compare',
    title: 'compare.title',
    rail: { icon: 'compare', key: 'c' },
    load: async () => (await import('./compare/compare-screen.tsx')).CompareScreen,
  },
  {
    path: '/adapters/:id?',
    title: 'adapters.title',
    rail: { icon: 'adapters', key: 'a' },
    load: async () => (await import('./adapters/adapters-screen.tsx')).AdaptersScreen,
  },
  {
    path: '/experiments/:id?',
    title: 'experiments.title',
    rail: { icon: 'experiments', key: 'e' },
    load: async () => (await import('./experiments/experiments-screen.tsx')).ExperimentsScreen,
  },
  {
    path: '/settings',
    title: 'settings.title',
    rail: { icon: 'settings', key: 's' },
    load: async () => (await import('./settings/settings-screen.tsx')).SettingsScreen,
  },
  {
    path: '/runs/:id',
    title: 'run.title',
    load: async () => (await import('./run/run-screen.tsx')).RunScreen,
  },
];

/** Where links to a screen lead: its address without what it may name. */
export function addressOf({ path }: Screen): string {
  return path.replace(/\/:.*$/, '');
}
