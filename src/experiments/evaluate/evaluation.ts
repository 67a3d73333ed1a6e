/** @file What an evaluation found, as it lies in evaluation.json. */
import { ConfigError } from '../../base/errors.ts';
import { type DriftScores, type DriftSummary, summarizeDrift } from '../../metrics/drift.ts';
import type {
  PictureScores,
  PromptDiversity,
  RealSimilarity,
  SubjectScores,
} from '../../metrics/score-subject.ts';
import { type Summary, summarize } from '../../metrics/summary.ts';
import { join, relative, sep } from '../../platform/paths.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { readTextIfPresent } from '../../storage/files/text-file.ts';
import type { JudgeFolders } from './judges.ts';

/** Rows, one per observation, and their summary; files are named from the folder of evaluation.json. */
export interface Evaluation {
  readonly version: '1';
  readonly encoders: { readonly clip: string; readonly dino: string };
  /** Of the bootstrap. */
  readonly seed: number;
  /** What the pictures were drawn with, where they were drawn for this. */
  readonly drawing?: Readonly<Record<string, unknown>>;
  readonly pictures: readonly PictureScores[];
  readonly prompts: readonly PromptDiversity[];
  readonly real: readonly RealSimilarity[];
  readonly drift: readonly DriftScores[];
  readonly summary: Summary;
  readonly driftSummary?: DriftSummary;
}

/** An evaluation and where it was written. */
export interface Evaluated {
  readonly evaluation: Evaluation;
  readonly file: string;
}

const fileName = 'evaluation.json';

/**
 * An evaluation takes the place of an earlier one, and of nothing else.
 *
 * @throws ConfigError OUT_EXISTS
 */
export async function requireReplaceable(folder: string): Promise<void> {
  const path = join(folder, fileName);
  const text = await readTextIfPresent(path);
  if (text === undefined || (text.includes('"encoders"') && text.includes('"summary"'))) return;
  throw new ConfigError(
    'OUT_EXISTS',
    `${path} is there already and is no evaluation; move it away, or evaluate a copy of the folder`,
  );
}

export interface Findings {
  readonly folder: string;
  readonly judges: JudgeFolders;
  readonly seed: number;
  readonly drawing?: Evaluation['drawing'];
  readonly scores: readonly SubjectScores[];
  /** @default none was measured */
  readonly drift?: readonly DriftScores[];
}

/** Summarises what was found and writes `evaluation.json` into the folder, where one before is replaced. */
export async function writeEvaluation({
  folder,
  judges,
  seed,
  drawing,
  scores,
  drift = [],
}: Findings): Promise<Evaluated> {
  const prompts = scores.flatMap((each) => each.prompts);
  const pictures = scores
    .flatMap((each) => each.pictures)
    .map((row) => ({ ...row, file: relative(folder, row.file).replaceAll(sep, '/') }));
  const evaluation: Evaluation = {
    version: '1',
    encoders: { clip: judges.clip.name, dino: judges.dino.name },
    seed,
    ...(drawing && { drawing }),
    summary: summarize({ pictures, prompts }, seed),
    ...(drift.length === 0 ? {} : { driftSummary: summarizeDrift(drift, seed) }),
    real: scores.map(({ real }) => real),
    prompts,
    drift,
    pictures,
  };
  const file = join(folder, fileName);
  await writeFileAtomic(file, `${JSON.stringify(evaluation, undefined, 2)}\n`);
  return { evaluation, file };
}
