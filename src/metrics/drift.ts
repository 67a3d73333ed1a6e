/** @file Drift: what an adapter changes in pictures that have nothing to do with its subject. */
import { mean, meanPairCosine } from './cosine.ts';
import { type Interval, meanInterval } from './mean-interval.ts';
import { embed, type Judges } from './score-subject.ts';

/** One prompt drawn twice from the same noise. */
export interface DriftPair {
  readonly prompt: string;
  /** Files of the two pictures. */
  readonly without: string;
  readonly with: string;
}

/** Cosine of the two pictures; 1 where the adapter changed nothing. */
export interface DriftScores {
  readonly prompt: string;
  readonly clip: number;
  readonly dino: number;
}

/** Drift over all prompts. */
export interface DriftSummary {
  readonly clip: number;
  readonly dino: number;
  readonly clipInterval: Interval | undefined;
  readonly dinoInterval: Interval | undefined;
}

/** Scores pairs of pictures. */
export async function scoreDrift(
  judges: Judges,
  pairs: readonly DriftPair[],
): Promise<readonly DriftScores[]> {
  const scores: DriftScores[] = [];
  for (const { prompt, ...pair } of pairs) {
    const { clip, dino } = await embed(judges, [pair.without, pair.with]);
    // The only pair of two pictures.
    scores.push({ prompt, clip: meanPairCosine(clip) ?? 1, dino: meanPairCosine(dino) ?? 1 });
  }
  return scores;
}

/** Means with their intervals over the prompts. */
export function summarizeDrift(scores: readonly DriftScores[]): DriftSummary {
  const of = (space: 'clip' | 'dino') => scores.map((score) => score[space]);
  return {
    clip: mean(of('clip')),
    dino: mean(of('dino')),
    clipInterval: meanInterval(of('clip')),
    dinoInterval: meanInterval(of('dino')),
  };
}
