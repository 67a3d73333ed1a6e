/** @file Runs a sweep: what has no result is done, then all results are written where reports find them. */
import type { Listener } from '../../../base/listener.ts';
import { join } from '../../../platform/paths.ts';
import { writeFileAtomic } from '../../../storage/files/atomic-file.ts';
import { createFolder } from '../../../storage/files/folders.ts';
import type { ResultStore } from '../../store/result-store.ts';
import type { SweepPlan } from '../plan/plan-sweep.ts';
import type { EngineEvent, TaskEngine } from '../work/worker-protocol.ts';
import { collectResults } from './collect.ts';
import type { SweepResults } from './results.ts';
import { resultKeys } from './results-in-store.ts';
import { tidyRows } from './rows.ts';
import { resultSheet } from './sweep-sheet.ts';

export type SweepEvent =
  | {
      readonly type: 'planned';
      readonly sweep: string;
      /** Variants on subjects with seeds, and those that have a result. */
      readonly cells: number;
      readonly found: number;
      /** Trainings and drawings that are to be done. */
      readonly tasks: readonly { readonly key: string; readonly title: string }[];
    }
  | EngineEvent
  | { readonly type: 'collected'; readonly file: string };

export interface SweepOptions {
  readonly store: ResultStore;
  /** Folder for the results' files. */
  readonly results: string;
  readonly engine: TaskEngine;
}

export interface SweepHost {
  readonly listener?: Listener<SweepEvent>;
  readonly signal: AbortSignal;
}

export interface SweepOutcome {
  readonly results: SweepResults;
  /** NAME.json; NAME.csv and NAME.webp lie beside it. */
  readonly file: string;
}

/**
 * Runs what is missing and writes the results, also where the signal is aborted or tasks fail: what there is.
 *
 * @throws the signal's reason where it is aborted, after the results were written
 */
export async function runSweep(
  plan: SweepPlan,
  { store, results: folder, engine }: SweepOptions,
  { listener, signal }: SweepHost,
): Promise<SweepOutcome> {
  const known = await resultKeys(store);
  const open = plan.tasks
    .map((task) => ({ ...task, scorings: task.scorings.filter(({ key }) => !known.has(key)) }))
    .filter(({ scorings }) => scorings.length > 0);
  listener?.({
    type: 'planned',
    sweep: plan.name,
    cells: plan.cells.length,
    found: plan.cells.filter(({ key }) => known.has(key)).length,
    tasks: open.map(({ key, title }) => ({ key, title })),
  });
  const reasons = new Map<string, string>();
  const report = (event: EngineEvent) => {
    if (event.type === 'failed') reasons.set(event.task, event.message);
    listener?.(event);
  };
  if (open.length > 0) await engine.run(open, { report, signal });
  const outcome = await writeResults(plan, { store, folder, reasons });
  listener?.({ type: 'collected', file: outcome.file });
  signal.throwIfAborted();
  return outcome;
}

interface ResultsPlaces {
  readonly store: ResultStore;
  /** For the results' files. */
  readonly folder: string;
  /** Why a task has no result, by the key of the task. @default none is known */
  readonly reasons?: ReadonlyMap<string, string>;
}

/** Writes the results of what is done so far, where reports find them. */
export async function writeResults(
  plan: SweepPlan,
  { store, folder, reasons = new Map() }: ResultsPlaces,
): Promise<SweepOutcome> {
  const collected = await collectResults(plan, store, reasons);
  const pictures = await resultSheet(plan, collected, store);
  const results: SweepResults = {
    ...collected,
    ...(pictures === undefined ? {} : { sheet: pictures.sheet }),
  };
  await createFolder(folder);
  const path = (ending: string) => join(folder, `${plan.name}.${ending}`);
  if (pictures !== undefined) await writeFileAtomic(path('webp'), pictures.bytes);
  await writeFileAtomic(path('csv'), tidyRows(collected));
  const file = path('json');
  await writeFileAtomic(file, `${JSON.stringify(results)}\n`);
  return { results, file };
}
