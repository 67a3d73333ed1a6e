/** @file Adapter files of other tools: reading them as ours, and writing ours as theirs. */

export { type Tolerance, tolerances } from './names/module-matching.ts';
export { type ForeignAdapter, type ReadOptions, readForeignAdapter } from './read-adapter.ts';
export { statedAlphas } from './strength/stated-strength.ts';
export type { WriteOptions, WrittenFiles } from './tools/write-options.ts';
export { type ForeignFormat, isForeignFormat, writeForeignAdapter } from './write-adapter.ts';
