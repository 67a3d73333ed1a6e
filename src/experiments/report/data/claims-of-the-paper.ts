/** @file What the paper's supplement claims (arXiv 2402.17412), claim by claim, and how the tests of each came out. */
import * as z from 'zod';
import { ModelError } from '../../../base/errors.ts';
import { schemaProblems } from '../../../base/messages/schema-problems.ts';
import { packageFile } from '../../../platform/paths.ts';
import { readJson } from '../../../storage/files/json-file.ts';
import { type Verdict, verdicts } from './evidence.ts';
import type { Experiment } from './experiment.ts';

const claimSchema = z.strictObject({
  number: z.number().int().positive(),
  /** "Section 4.2, Figure 6" */
  place: z.string(),
  /** In other words than the paper's. */
  says: z.string(),
  /** Why no sweep tests it. */
  otherwise: z.string().optional(),
});
export type PaperClaim = z.output<typeof claimSchema>;

const listSchema = z.array(claimSchema).min(1);

/** All of them, in the order of the text. @throws ModelError PAPER_DAMAGED */
export async function readPaperClaims(): Promise<readonly PaperClaim[]> {
  const path = packageFile('experiments/paper/claims.json');
  const found = await readJson(path, 'claims of the paper');
  const parsed = listSchema.safeParse(found);
  if (parsed.success) return parsed.data;
  throw new ModelError(
    'PAPER_DAMAGED',
    `${path} is damaged: ${schemaProblems(listSchema, found, parsed.error)}; install the package again`,
  );
}

/** A claim of the paper, and the tests of it in a report. */
export interface TestedClaim extends PaperClaim {
  /** How many tests came out so; verdicts that none has are left out. */
  readonly verdicts: readonly (readonly [Verdict, number])[];
  /** Sweeps that test it. */
  readonly by: readonly Experiment[];
}

/**
 * The claims that a report tests. Several sweeps are taken for the whole of the paper: then also those that none of them
 * tests. Undefined where no claim is the paper's.
 */
export function testedClaims(
  claims: readonly PaperClaim[],
  experiments: readonly Experiment[],
): readonly TestedClaim[] | undefined {
  const testing = experiments.filter((each) => each.claims.some(({ claim }) => claim.paper));
  if (testing.length === 0) return undefined;
  const all = claims.map((own): TestedClaim => {
    const isOwn = ({ claim }: Experiment['claims'][number]) => claim.paper === own.number;
    const tests = testing.flatMap((each) => each.claims.filter(isOwn));
    return {
      ...own,
      verdicts: verdicts.flatMap((verdict) => {
        const count = tests.filter((test) => test.verdict === verdict).length;
        return count === 0 ? [] : [[verdict, count] as const];
      }),
      by: testing.filter((each) => each.claims.some(isOwn)),
    };
  });
  return testing.length > 1 ? all : all.filter(({ by }) => by.length > 0);
}
