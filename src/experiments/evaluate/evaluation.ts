/** @file What an evaluation found, as it lies in evaluation.json. */
import { ConfigError } from '../../base/errors.ts';
import type { PicturesByName } from '../../data/image.ts';
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

/**
 * Rows, one per observation, and their summary. Files are named from the folder of evaluation.json; those of pictures that
 * a program gave by their paths, or by their place: `pictures[0][1]`.
 */
export interface Evaluation {
  readonly version: '1';
  readonly encoders: { readonly clip: string; readonly dino: string };
  /** Of the first picture of every prompt. */
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

/** Pictures that a program gives by itself, as names: of files, or of bytes. */
export interface GivenPictures {
  /** The real ones; undefined where they lie in a folder. */
  readonly real?: readonly string[] | undefined;
  readonly bytes: PicturesByName;
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
  readonly judges: JudgeFolders;
  readonly seed: number;
  readonly drawing?: Evaluation['drawing'];
  readonly scores: readonly SubjectScores[];
  /** @default none was measured */
  readonly drift?: readonly DriftScores[];
}

/** Summarises what was found. */
export function evaluationOf({ judges, seed, drawing, scores, drift = [] }: Findings): Evaluation {
  const prompts = scores.flatMap((each) => each.prompts);
  const pictures = scores.flatMap((each) => each.pictures);
  return {
    version: '1',
    encoders: { clip: judges.clip.name, dino: judges.dino.name },
    seed,
    ...(drawing && { drawing }),
    summary: summarize({ pictures, prompts }),
    ...(drift.length === 0 ? {} : { driftSummary: summarizeDrift(drift) }),
    real: scores.map(({ real }) => real),
    prompts,
    drift,
    pictures,
  };
}

/** Summarises what was found and writes `evaluation.json` into a folder, where one before is replaced. */
export async function writeEvaluation(folder: string, found: Findings): Promise<Evaluated> {
  const fromThere = (file: string) => relative(folder, file).replaceAll(sep, '/');
  const scores = found.scores.map(({ pictures, ...others }) => ({
    ...others,
    pictures: pictures.map((row) => ({ ...row, file: fromThere(row.file) })),
  }));
  const evaluation = evaluationOf({ ...found, scores });
  const file = join(folder, fileName);
  await writeFileAtomic(file, `${JSON.stringify(evaluation, undefined, 2)}\n`);
  return { evaluation, file };
}
