/** @file All English words. */
import { adapters } from './adapters.ts';
import { compare } from './compare.ts';
import { experiments } from './experiments.ts';
import { fields } from './fields.ts';
import { frame } from './frame.ts';
import { generate } from './generate.ts';
import { home } from './home.ts';
import { parts } from './parts.ts';
import { pictures } from './pictures.ts';
import { run } from './run.ts';
import { settings } from './settings.ts';
import { tab } from './tab/tab.ts';
import { train } from './train.ts';

export const english = {
  ...frame,
  ...parts,
  ...fields,
  ...home,
  ...pictures,
  ...train,
  ...run,
  ...generate,
  ...compare,
  ...adapters,
  ...experiments,
  ...settings,
  ...tab,
} as const;
