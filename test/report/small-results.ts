/** @file Results of a few numbers that a test states one by one. */
import { resultsSchema, type SweepResults } from '../../src/experiments/sweep/run/results.ts';

export interface SmallVariant {
  /** DINO by subject: one number, or one a seed. */
  readonly dino?: readonly (number | readonly number[])[];
  /** CLIP-T by subject, alike for all seeds. */
  readonly clipT?: readonly number[];
  readonly parameters?: number;
  /** @default its own name */
  readonly case?: string;
}

const countOf = (scores: number | readonly number[]) => [scores].flat().length;

/** Variants by name with one prompt, and what else the spec says. */
export function smallResults(
  variants: Readonly<Record<string, SmallVariant>>,
  spec: Readonly<Record<string, unknown>> = {},
): SweepResults {
  const entries = Object.entries(variants);
  const subjects = Math.max(0, ...entries.map(([, { dino = [] }]) => dino.length));
  const most = Math.max(1, ...entries.flatMap(([, { dino = [] }]) => dino.map(countOf)));
  const seeds = Array.from({ length: most }, (_, seed) => seed);
  return resultsSchema.parse({
    version: '1',
    name: 'small',
    spec: { title: 'Small', seeds, ...spec },
    subjects: Array.from({ length: subjects }, (_, s) => ({
      name: `subject_${s}`,
      className: 'thing',
      phrase: 'sks thing',
      type: 'object',
      prompts: [{ number: 3, template: 'a {} in the snow' }],
      real: {},
    })),
    variants: entries.map(([name, { parameters, case: ofCase = name }]) => ({
      name,
      case: ofCase,
      factors: {},
      ...(parameters === undefined ? {} : { parameters }),
      settings: {},
    })),
    cells: entries.flatMap(([name, { dino = [], clipT = [] }], variant) =>
      dino.flatMap((scores, s) =>
        [scores].flat().map((score, seed) => ({
          key: `${name}/${s}/${seed}`,
          variant,
          subject: `subject_${s}`,
          seed,
          prompts: [{ dino: score, ...(clipT[s] !== undefined && { clipT: clipT[s] }) }],
          cost: { worker: 'w', device: 'cpu', pictures: 1, memoryBytes: 1e9 },
        })),
      ),
    ),
    missing: [],
  });
}
