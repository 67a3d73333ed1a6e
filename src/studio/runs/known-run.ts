/** @file A run with what is known of it: its record, its journal, its state. */
import { KronaError } from '../../base/errors.ts';
import { namesIn } from '../../storage/files/folders.ts';
import { timeOfPath } from '../../storage/path-kind.ts';
import type { RecordedEvent } from '../../train/events.ts';
import { type RunRecord, readRun, runPaths } from '../../train/folder/run-folder.ts';
import { type RunState, stateOfFacts } from '../../train/folder/run-state.ts';
import type { FoundRun } from './find-runs.ts';
import { RunJournal } from './run-journal.ts';

/** A run at a moment. */
export interface RunLook {
  readonly found: FoundRun;
  /** Undefined where run.json cannot be read; the state says why. */
  readonly record: RunRecord | undefined;
  readonly journal: RunJournal;
  readonly state: RunState;
  /** Milliseconds since 1970 began, of the last sign of life. */
  readonly changed: number;
}

/** Looks at one run, reading only what changed since the last time. */
export class KnownRun {
  readonly found: FoundRun;
  readonly journal: RunJournal;
  #record: { readonly time: number; readonly record: RunRecord } | undefined;

  /** @param told of events that came since an earlier look */
  constructor(found: FoundRun, told: (events: readonly RecordedEvent[]) => void) {
    this.found = found;
    this.journal = new RunJournal(found.folder, told);
  }

  /** What the run is now. Damage in its folder is a state as any other: it must not hide the other runs. */
  async look(now: number): Promise<RunLook> {
    const { found, journal } = this;
    const changed = await lastChange(found.folder);
    try {
      await journal.refresh();
      const record = await this.#readRecord();
      const { last, phase } = journal;
      const step = journal.steps.at(-1)?.step ?? 0;
      const names = await namesIn(found.folder);
      const state = await stateOfFacts(found.folder, { last, step, phase, names }, now);
      return { found, record, journal, state, changed };
    } catch (error) {
      if (!(error instanceof KronaError)) throw error;
      const { code, message } = error;
      const state = { state: 'failed', step: 0, code, message } as const;
      return { found, record: this.#record?.record, journal, state, changed };
    }
  }

  async #readRecord(): Promise<RunRecord> {
    const time = await timeOfPath(runPaths(this.found.folder).run);
    if (this.#record?.time !== time) {
      this.#record = { time, record: await readRun(this.found.folder) };
    }
    return this.#record.record;
  }
}

async function lastChange(folder: string): Promise<number> {
  const { run, events } = runPaths(folder);
  return Math.max(await timeOfPath(run), await timeOfPath(events));
}
