/** @file Operations on data sets. */
import type { DatasetOperations } from '../../interface/dataset-operations.ts';
import type { Defined } from '../operation.ts';
import { datasetsCaption } from './datasets-caption.ts';
import { datasetsCaptions } from './datasets-captions.ts';
import { datasetsChange } from './datasets-change.ts';
import { datasetsCreate } from './datasets-create.ts';
import { datasetsFrame } from './datasets-frame.ts';
import { datasetsGet } from './datasets-get.ts';
import { datasetsList } from './datasets-list.ts';
import { datasetsMask } from './datasets-mask.ts';
import { datasetsRemove } from './datasets-remove.ts';
import { datasetsRemovePicture } from './datasets-remove-picture.ts';
import { datasetsRestorePicture } from './datasets-restore-picture.ts';

export const datasetOperations: Defined<DatasetOperations> = {
  'datasets.list': datasetsList,
  'datasets.get': datasetsGet,
  'datasets.create': datasetsCreate,
  'datasets.change': datasetsChange,
  'datasets.remove': datasetsRemove,
  'datasets.caption': datasetsCaption,
  'datasets.captions': datasetsCaptions,
  'datasets.frame': datasetsFrame,
  'datasets.mask': datasetsMask,
  'datasets.remove-picture': datasetsRemovePicture,
  'datasets.restore-picture': datasetsRestorePicture,
};
