/** @file Operations on drawings and on the gallery. */
import type { DrawingOperations } from '../../interface/drawing-operations.ts';
import type { Defined } from '../operation.ts';
import { drawingsCancel } from './drawings-cancel.ts';
import { drawingsList } from './drawings-list.ts';
import { drawingsStart } from './drawings-start.ts';
import { galleryList } from './gallery-list.ts';
import { galleryRemove } from './gallery-remove.ts';
import { gallerySettings } from './gallery-settings.ts';
import { galleryStar } from './gallery-star.ts';

export const drawingOperations: Defined<DrawingOperations> = {
  'drawings.list': drawingsList,
  'drawings.start': drawingsStart,
  'drawings.cancel': drawingsCancel,
  'gallery.list': galleryList,
  'gallery.star': galleryStar,
  'gallery.remove': galleryRemove,
  'gallery.settings': gallerySettings,
};
