/** @file `krona make-model`: a model of real size with random weights, so that nothing is needed to measure. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { formatBytes } from '../../base/quantities.ts';
import { type FamilyName, families } from '../../models/families.ts';
import {
  makeRandomModel,
  modelSizes,
  type RandomModelEvent,
  type RandomModelOptions,
} from '../../pipeline/random/random-model.ts';
import { weightDTypes } from '../../pipeline/random/random-tensors.ts';
import { addAction, type Work } from '../shell/action.ts';
import type { Progress } from '../shell/progress.ts';
import type { Terminal } from '../shell/terminal.ts';

const examples = `
Examples:
  krona make-model --family sd15 --out models/random-sd15
  krona train --base models/random-sd15 --images my-dog --subject "sks dog" --out runs/measured --steps 3
  krona make-model --family sdxl --size tiny --out models/tiny-xl     a few megabytes, for tests

The pictures of such a model are noise. Its time and memory are those of the real one.
`;

interface Flags extends Required<Omit<RandomModelOptions, 'family'>> {
  readonly family: FamilyName;
}

/** Gives the command its options and its action. */
export function addMakeModel(command: Command, terminal: Terminal): void {
  command
    .description(
      'Makes a folder with every file of a published model, its weights drawn at random: for measuring.',
    )
    .addOption(
      new Option('--family <name>', 'whose layout')
        .choices(Object.keys(families))
        .makeOptionMandatory(),
    )
    .requiredOption('--out <dir>', 'folder to make')
    .addOption(
      new Option('--size <name>', 'as published, or a few megabytes for tests')
        .choices(modelSizes)
        .default('full'),
    )
    .addOption(
      new Option('--dtype <name>', 'precision of the weights').choices(weightDTypes).default('f16'),
    )
    .option('--seed <n>', 'of the weights', wholeNumber, 0)
    .addHelpText('after', examples);
  const manner = {
    json: 'events',
    stopping: 'removing what was written ...',
    without: ['offline'],
  } as const;
  addAction(command, terminal, manner, makeModel);
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('a whole number is needed');
  return Number(text);
}

async function makeModel(work: Work, { family, out, size, dtype, seed }: Flags): Promise<void> {
  const listener = work.shown(showWriting);
  const bytes = await makeRandomModel({ family, out, size, dtype, seed }, { ...work, listener });
  work.out({
    text: `${out}: ${formatBytes(bytes)} of random weights\n`,
    value: { type: 'made', out, weightBytes: bytes },
  });
}

function showWriting(progress: Progress) {
  return ({ part, doneBytes, totalBytes }: RandomModelEvent): void =>
    progress.status(`${part}: ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`);
}
