/** @file All claims of a report, gathered by verdict, and what must be said before any of them. */
import { formatPlural } from '../../../base/quantities.ts';
import type { TestedClaim } from '../data/claims-of-the-paper.ts';
import { type Verdict, verdicts } from '../data/evidence.ts';
import type { Experiment } from '../data/experiment.ts';
import type { JudgedClaim } from '../data/paper-claims.ts';

export interface ClaimOf {
  readonly claim: JudgedClaim;
  readonly experiment: Experiment;
}

/** Claims by verdict; a verdict that none has is left out. */
export function claimsByVerdict(
  experiments: readonly Experiment[],
): readonly { readonly verdict: Verdict; readonly claims: readonly ClaimOf[] }[] {
  const all = experiments.flatMap((experiment) =>
    experiment.claims.map((claim) => ({ claim, experiment })),
  );
  return verdicts
    .map((verdict) => ({ verdict, claims: all.filter(({ claim }) => claim.verdict === verdict) }))
    .filter(({ claims }) => claims.length > 0);
}

/** `4 sweeps, 7 claims: 3 supported, 1 contradicted, 3 cannot tell` */
export function countsInWords(experiments: readonly Experiment[]): string {
  const groups = claimsByVerdict(experiments);
  const sweeps = formatPlural(experiments.length, 'sweep');
  const total = groups.reduce((sum, { claims }) => sum + claims.length, 0);
  if (total === 0) return `${sweeps}, no claims`;
  const each = groups.map(({ verdict, claims }) => `${claims.length} ${verdict}`);
  return `${sweeps}, ${formatPlural(total, 'claim')}: ${each.join(', ')}`;
}

/** `2 supported, 1 not run yet`, or why nothing tests it. */
export function outcomeWords({
  verdicts: found,
  otherwise = 'not tested here',
}: TestedClaim): string {
  if (found.length === 0) return otherwise;
  return found.map(([verdict, count]) => `${count} ${verdict}`).join(', ');
}

/** Whose a claim is, after what it says: `the paper's claim 8`. */
export function whoseWords({ claim: { paper } }: JudgedClaim): string {
  return paper === undefined ? 'ours' : `the paper's claim ${paper}`;
}

/** Before what a sweep does otherwise than the paper. */
export const differsLead = 'Otherwise than in the paper:';

/** Above the claims of the paper, and what stands in the columns. */
export const paperClaimsHeading = 'What the paper claims';
export const paperClaimsNote =
  'In other words than its own, with the place; beside it how the tests of it came out. A claim of several parts has several tests.';

/** That there are no scores at all; undefined where there are some, or none are asked for. */
export function nothingRunWords(experiments: readonly Experiment[]): string | undefined {
  const isPlanned = experiments.some(({ missing }) => missing.length > 0);
  if (!isPlanned || experiments.some(isRun)) return undefined;
  return 'Nothing was run yet: there are no scores and no pictures, and no claim is decided but those about counts of parameters.';
}

const isRun = ({ done }: Experiment): boolean => done > 0;

/** Undefined where no experiment is of the bundled model. */
export function toyCaveat(experiments: readonly Experiment[]): string | undefined {
  const toys = experiments.filter(({ isToy }) => isToy);
  if (toys.length === 0) return undefined;
  const titles = toys.map(({ title }) => `“${title}”`);
  const [was, were, shows] = toys.some(isRun)
    ? (['was', 'were', 'shows'] as const)
    : (['will be', 'will be', 'will show'] as const);
  const which =
    toys.length === experiments.length
      ? `Everything here ${was} measured`
      : `${titles.join(', ')} ${toys.length === 1 ? was : were} measured`;
  return `${which} on the bundled model: a toy world of 64-pixel drawings in Stable Diffusion's structure, with encoders of its own. It ${shows} that the machinery works and how the methods compare there; it is no evidence about photographs.`;
}

/** Above the notes on methods, with which every report ends. */
export const methodsHeading = 'How these numbers were made';

/** How the numbers were made, for the end of a report. */
export const methodNotes: readonly string[] = [
  'A score is the mean over the pictures of a prompt, then the prompts of a seed, then the seeds of a subject. What is compared are the means of subjects: pictures of one subject are not independent.',
  'Intervals hold the mean in 95 of 100 repetitions: Student’s, over subjects; over prompts where there is one subject.',
  'Claims are tested subject by subject, by the sign-flip test of the mean difference: p is the share of all assignments of signs to the differences whose mean is at least as far from 0 (drawn at random above 16 subjects). For “not worse” the margin is added to each difference first; for “alike” both margins are, and the larger p counts; “the best” is tested against each of the others, and the largest p counts. All claims of a sweep that were tested are corrected together after Holm; below 0.05 a claim is supported or contradicted. What several sweeps measure alike is judged once: where there are most subjects, and by the strictest correction. So few subjects that no outcome could get there cannot tell. “Not run yet” are claims of which not every result is there, or not what they are about was measured: a test of the first results would find too much.',
  '“At equal DINO” compares two methods along the lines that their variants make: the mean difference over the values that both reach, subject by subject, joined by straight lines between variants that no other exceeds in both measures (Bjøntegaard’s delta).',
  'd is the difference in standard deviations of the subjects’ differences. “Would have been seen” is the difference that so many subjects, with such deviations and so many claims beside it, show in 80 of 100 repetitions.',
  'Of other encoders, pictures and prompts only the sign of a difference can be compared: which of two is ahead, not by how much.',
  'Counts of parameters are exact and need no test.',
];
