/** @file Checks the settings of a task before anything of it is done: whoever can write to a queue may have made it. */
import * as z from 'zod';
import { ConfigError } from '../../../base/errors.ts';
import { drawTaskSchema, trainTaskSchema } from '../spec/variant-settings.ts';
import type { Task } from './task.ts';

/**
 * Refuses a task with a setting that is none, out of range, or not a task's to state, such as a path of the machine.
 *
 * @throws ConfigError TASK_SETTING
 */
export function requireTaskSettings({ key, training, scorings }: Task): void {
  if (training !== undefined) require(`task ${key}: training`, trainTaskSchema, training.settings);
  for (const scoring of scorings) {
    require(`task ${key}: drawing ${scoring.key}`, drawTaskSchema, scoring.settings);
  }
}

function require(where: string, schema: z.ZodType, settings: unknown): void {
  const parsed = schema.safeParse(settings);
  if (parsed.success) return;
  throw new ConfigError(
    'TASK_SETTING',
    `${where}: ${z.prettifyError(parsed.error)}; run the sweep and its workers with the same version`,
  );
}
