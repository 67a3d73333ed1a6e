/** @file Reads how close a result must be from the sentence a fixture gives as advice. */

/** Limits of an error; a result within either is right, where both are stated. */
export interface Tolerance {
  /** ‖actual - expected‖₂ / ‖expected‖₂. */
  readonly relative?: number;
  /** Largest |actual - expected|. */
  readonly absolute?: number;
}

const numberPattern = '(\\d+(?:\\.\\d+)?(?:e-?\\d+)?)';
const relativePattern = new RegExp(`\\brel(?: L2)?(?: per tensor)? (?:< )?${numberPattern}`);
const absolutePattern = new RegExp(`\\babs (?:< )?${numberPattern}`);

/**
 * The tolerance that `advice` gives for a subject: "gradients" in "rel L2 < 1e-5 (abs 5e-5); gradients rel L2 < 1e-4".
 * Without a subject, the one that the advice begins with. What it does not state is the fallback's.
 */
export function advised(advice: string, subject: string, fallback: Tolerance): Tolerance {
  // A clause ends at a semicolon, or at a comma before a word that is not another criterion.
  const clauses = advice.split(/;\s*|,\s+(?=(?!rel\b|abs\b)[a-z_]+ (?:rel|abs)\b)/);
  const clause = clauses.find((each) =>
    subject === '' ? /^(rel|abs)\b/.test(each) : each.startsWith(subject),
  );
  if (clause === undefined) return fallback;
  const relative = relativePattern.exec(clause)?.[1];
  const absolute = absolutePattern.exec(clause)?.[1];
  if (relative === undefined && absolute === undefined) return fallback;
  return {
    ...(relative === undefined ? {} : { relative: Number(relative) }),
    ...(absolute === undefined ? {} : { absolute: Number(absolute) }),
  };
}
