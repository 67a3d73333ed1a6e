/** @file What a target of the fuzzer is: files that are read, how they are damaged, and the command that reads them. */
import { failureOutcome, type Interaction, krona, type Outcome } from '../cli/terminal.ts';
import type { Damage } from './damage.ts';
import type { Random } from './random.ts';
import type { Sandbox } from './sandbox.ts';

/** Sound files made once for all cases. */
export interface Samples {
  /** A finished run of two steps, with its checkpoints. */
  readonly run: string;
  /** The same adapter in every format, as files and folders. */
  readonly adapters: readonly string[];
  /** Files and folders of other tools, all of them for `referenceBase`. */
  readonly foreignAdapters: readonly string[];
  readonly referenceBase: string;
  /** Pictures of several formats. */
  readonly pictures: string;
}

export interface Place {
  readonly sandbox: Sandbox;
  readonly samples: Samples;
  readonly random: Random;
  readonly damage: Damage;
}

export interface Target {
  /** How often it is chosen, beside the others' weights. */
  readonly weight: number;
  /** Damages files and lets a command read them. */
  run(place: Place): Promise<Outcome>;
}

/** A command that trains or draws is asked to stop at its first step: what was read is judged by then. */
const stopEarly: Interaction = {
  onOutput: (text, interrupt) => {
    if (/"type":"step"/.test(text)) interrupt();
  },
};

/** Runs the command once everything lies in its place. */
export function command(place: Place, argv: readonly string[]): Promise<Outcome> {
  place.sandbox.seal();
  return krona(argv, stopEarly);
}

/** Runs a function of the library and says its error as the command would. */
export async function library(place: Place, work: () => Promise<unknown>): Promise<Outcome> {
  place.sandbox.seal();
  try {
    await work();
    return { code: 0, out: '', err: '' };
  } catch (error) {
    return failureOutcome(error);
  }
}

/** Arguments of the command, written as one would type them; a value stays one word. */
export function words(parts: TemplateStringsArray, ...values: readonly string[]): string[] {
  return parts.flatMap((part, i) => {
    const typed = part.split(' ').filter((word) => word !== '');
    const value = values[i];
    return value === undefined ? typed : [...typed, value];
  });
}
