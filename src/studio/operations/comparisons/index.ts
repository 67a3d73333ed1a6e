/** @file Operations on comparisons. */
import type { ComparisonOperations } from '../../interface/comparison-operations.ts';
import type { Defined } from '../operation.ts';
import { comparisonsCancel } from './comparisons-cancel.ts';
import { comparisonsDraw } from './comparisons-draw.ts';
import { comparisonsGet } from './comparisons-get.ts';
import { comparisonsList } from './comparisons-list.ts';
import { comparisonsSheet } from './comparisons-sheet.ts';

export const comparisonOperations: Defined<ComparisonOperations> = {
  'comparisons.list': comparisonsList,
  'comparisons.get': comparisonsGet,
  'comparisons.draw': comparisonsDraw,
  'comparisons.cancel': comparisonsCancel,
  'comparisons.sheet': comparisonsSheet,
};
