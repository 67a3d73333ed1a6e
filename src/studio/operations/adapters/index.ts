/** @file Operations on adapters. */
import type { AdapterOperations } from '../../interface/adapter-operations.ts';
import type { Defined } from '../operation.ts';
import { adaptersConvert } from './adapters-convert.ts';
import { adaptersExtract } from './adapters-extract.ts';
import { adaptersGrid } from './adapters-grid.ts';
import { adaptersInspect } from './adapters-inspect.ts';
import { adaptersList } from './adapters-list.ts';
import { adaptersMaking } from './adapters-making.ts';
import { adaptersMerge } from './adapters-merge.ts';
import { adaptersRemove } from './adapters-remove.ts';

export const adapterOperations: Defined<AdapterOperations> = {
  'adapters.list': adaptersList,
  'adapters.inspect': adaptersInspect,
  'adapters.convert': adaptersConvert,
  'adapters.making': adaptersMaking,
  'adapters.merge': adaptersMerge,
  'adapters.extract': adaptersExtract,
  'adapters.grid': adaptersGrid,
  'adapters.remove': adaptersRemove,
};
