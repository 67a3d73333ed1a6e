/** @file `npm run bench:performance -- --base DIR`: measures everything that docs/performance.md says, and writes it. */
import { Command, InvalidArgumentError } from 'commander';
import { wholeNumber } from '../options.ts';
import { stepAgainstPytorch } from './against-pytorch.ts';
import { drawAgainstStableDiffusionCpp } from './against-stable-diffusion-cpp.ts';
import { growth } from './growth.ts';
import {
  curveNames,
  type Measurements,
  type PartName,
  partNames,
  readMeasurements,
  writeMeasurements,
} from './measurements.ts';
import { openSetting, type Setting } from './setting.ts';
import { startOfTraining } from './start.ts';
import { placesOf, writeDocument } from './write-document.ts';

interface Flags {
  readonly base?: string;
  readonly only?: readonly PartName[];
  readonly missing?: true;
  readonly out: string;
  readonly side?: number;
  readonly pairs: number;
  readonly curvePairs: number;
  readonly python: string;
  readonly compiled?: true;
  readonly stableDiffusionCpp?: string;
}

/** What an older file holds of a part stays where the part cannot be measured. */
type Measure = (setting: Setting) => Promise<Measurements[PartName]>;

const measures: Readonly<Record<PartName, Measure>> = {
  step: stepAgainstPytorch,
  draw: drawAgainstStableDiffusionCpp,
  start: startOfTraining,
  batch: (setting) => growth('batch', setting),
  tokens: (setting) => growth('tokens', setting),
  sites: (setting) => growth('sites', setting),
  factors: (setting) => growth('factors', setting),
  memory: (setting) => growth('memory', setting),
};

const program = new Command('bench:performance')
  .description('Measures steps, drawing and starting beside their peers, and writes what it found.')
  .option('--base <base>', 'to measure; without one, only the text is written again')
  .option('--only <parts>', `parts: growth, or of ${partNames.join(',')}`, parts)
  .option('--missing', 'only parts that were not measured yet')
  .option('--out <file>', 'its measurements and figures lie beside it', 'docs/performance.md')
  .option(
    '--side <n>',
    'of the pictures in pixels; by default what the base was trained at',
    wholeNumber,
  )
  .option('--pairs <n>', 'runs in turns with a peer', wholeNumber, 5)
  .option('--curve-pairs <n>', 'runs in turns of a point of a curve', wholeNumber, 2)
  .option('--python <program>', 'Python with torch', 'python3')
  .option('--compiled', 'tries PyTorch compiled, too, which takes minutes')
  .option('--stable-diffusion-cpp <program>', 'its command')
  .action(async (flags: Flags) => {
    const { measurements } = placesOf(flags.out);
    let found = await readMeasurements(measurements);
    if (flags.base !== undefined) {
      const asked = flags.only ?? partNames;
      const kept = found;
      const names = asked.filter((name) => !flags.missing || kept[name] === undefined);
      const setting = await openSetting(
        {
          base: flags.base,
          side: flags.side,
          pairs: flags.pairs,
          curvePairs: flags.curvePairs,
          python: flags.python,
          compiled: flags.compiled ?? false,
          stableDiffusionCpp: flags.stableDiffusionCpp,
        },
        new Date(),
      );
      for (const name of names) {
        process.stderr.write(`${name} ...\n`);
        const part = await measures[name](setting);
        if (part === undefined) continue;
        // After each, so that nothing is lost where it is stopped.
        found = { ...found, [name]: part };
        await writeMeasurements(measurements, found);
      }
    }
    await writeDocument(flags.out, found);
    process.stdout.write(`${flags.out}\n`);
  });

await program.parseAsync();

function parts(text: string): readonly PartName[] {
  const names = text.split(',').flatMap((name) => (name === 'growth' ? curveNames : [name]));
  return names.map((name) => {
    const found = partNames.find((known) => known === name);
    if (found === undefined) throw new InvalidArgumentError(`there is no part "${name}"`);
    return found;
  });
}
