/** @file Screen: all sets of pictures, or one of them. */
import type { ScreenProps } from '../registry.ts';
import { DatasetList } from './dataset-list.tsx';
import { DatasetView } from './dataset-view.tsx';

export function PicturesScreen({ id }: ScreenProps) {
  return id === undefined ? <DatasetList /> : <DatasetView id={id} />;
}
