/** @file Rows of a history, one a step: what several events tell of a step stands together, and steps only rise. */

/** A drawn preview. */
export interface RowPicture {
  /** Of the picture's file. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly caption: string;
}

/** What is told of a step. */
export interface StepRow {
  readonly step: number;
  /** Milliseconds since 1970 began, when it was told last. */
  readonly time: number;
  /** Seconds of work until then. */
  readonly runtime: number;
  readonly values: Readonly<Record<string, number>>;
  readonly pictures: readonly RowPicture[];
}

/** Collects what is told; of what is told again, as by a killed run that makes steps again, the last counts. */
export class StepRows {
  readonly #rows = new Map<number, StepRow>();

  add(told: StepRow): void {
    const { values, pictures } = this.#rows.get(told.step) ?? { values: {}, pictures: [] };
    const again = new Set(told.pictures.map(({ name }) => name));
    this.#rows.set(told.step, {
      ...told,
      values: { ...values, ...told.values },
      pictures: [...pictures.filter(({ name }) => !again.has(name)), ...told.pictures],
    });
  }

  /** Takes out the rows of all steps before one, in order. */
  takeBefore(end: number): readonly StepRow[] {
    const taken = [...this.#rows.values()].filter(({ step }) => step < end);
    for (const { step } of taken) this.#rows.delete(step);
    return taken.sort((a, b) => a.step - b.step);
  }
}
