/** @file Numbered cases: which target, with which choices, and how it ended. */
import { damageBy, noDamage } from './damage.ts';
import { Random } from './random.ts';
import { Sandbox } from './sandbox.ts';
import type { Samples } from './target.ts';
import { type TargetName, targetNames, targets } from './targets/index.ts';
import { verdictOf } from './verdict.ts';

export interface Case {
  readonly seed: number;
  readonly number: number;
  readonly target: TargetName;
  /** Whether nothing is damaged: then it must be taken. */
  readonly sound?: boolean;
}

export interface CaseResult {
  /** Exit code of the command. */
  readonly code: number;
  /** What it must not have done; undefined where all is well. */
  readonly fault: string | undefined;
  /** What the command said of it. */
  readonly said: string;
}

/** Large and odd, so that neighbouring seeds and cases share no beginning. */
const seedStep = 2_654_435_761;

/** The case of a number: its target by weight among those asked for. */
export function caseOf(
  seed: number,
  number: number,
  wanted: readonly TargetName[] = targetNames,
): Case {
  const tickets = wanted.flatMap((name) => Array<TargetName>(targets[name].weight).fill(name));
  const random = new Random(seed * seedStep + number * 2);
  return { seed, number, target: random.pick(tickets) };
}

/** Runs a case in a folder of its own. */
export async function runCase(
  { seed, number, target, sound = false }: Case,
  { folder, samples }: { readonly folder: string; readonly samples: Samples },
): Promise<CaseResult> {
  const sandbox = new Sandbox(folder);
  const random = new Random(seed * seedStep + number * 2 + 1);
  const outcome = await targets[target].run({
    sandbox,
    samples,
    random,
    damage: sound ? noDamage : damageBy(random),
  });
  const { code, out, err } = outcome;
  return { code, fault: await verdictOf(outcome, sandbox), said: `${err}${out}` };
}
