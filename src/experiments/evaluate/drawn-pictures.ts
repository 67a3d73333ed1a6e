/** @file Pictures of an evaluation: drawn once, and found again as long as nothing that decides them has changed. */
import { encodePng } from '../../data/image.ts';
import { readPngText, writePngText } from '../../formats/png/png-text.ts';
import { drawPictures, type GenerateHost } from '../../generate/draw-plan.ts';
import { settingsText } from '../../generate/settings/settings-text.ts';
import { join } from '../../platform/paths.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { readBytes } from '../../storage/files/binary-file.ts';
import { createFolder, namesIn } from '../../storage/files/folders.ts';
import type { EvaluationPlan } from './evaluation-plan.ts';

/** Pictures of one prompt, one per seed. */
export interface Drawing {
  readonly prompt: string;
  readonly seeds: readonly number[];
  readonly folder: string;
}

/** PNG text entry that holds what decided a picture. */
const keyword = 'krona evaluation';

/**
 * The files of a drawing's pictures. Those that a run before left with the same settings are kept; where one is missing,
 * all of the prompt are drawn.
 */
export async function drawOnce(
  plan: EvaluationPlan,
  { prompt, seeds, folder }: Drawing,
  host: GenerateHost,
): Promise<readonly string[]> {
  const wanted = seeds.map((seed) => ({
    file: join(folder, `seed${seed}.png`),
    seed,
    key: keyOf(plan, prompt, seed),
  }));
  const files = wanted.map(({ file }) => file);
  const names = await namesIn(folder);
  const present = await Promise.all(
    wanted.map(
      async ({ file, seed, key }) =>
        names.includes(`seed${seed}.png`) && (await keyIn(file)) === key,
    ),
  );
  if (present.every(Boolean)) return files;
  await createFolder(folder);
  const own = { ...plan, prompt };
  const images = await drawPictures(own, seeds, host);
  for (const [i, { file, seed, key }] of wanted.entries()) {
    const image = images[i];
    if (image === undefined) continue;
    const texts = { ...settingsText(own, seed), [keyword]: key };
    await writeFileAtomic(file, writePngText(await encodePng(image), texts));
  }
  return files;
}

/** Everything that decides a picture, but how many are computed together. */
function keyOf(
  { config, base, sampler, size, fingerprint }: EvaluationPlan,
  prompt: string,
  seed: number,
): string {
  const { promptRepeats, negative, steps, timesteps } = config;
  const { guidance, guidanceRescale, eta, strength } = config;
  return JSON.stringify({
    ...{ prompt, seed, negative, steps, guidance, guidanceRescale, eta, sampler, size },
    base: base.name,
    // Pictures of before there was any are kept.
    ...(promptRepeats === 1 ? {} : { promptRepeats }),
    ...(timesteps && { timesteps }),
    ...(fingerprint === undefined ? {} : { adapter: fingerprint, strength }),
  });
}

/** Undefined of a file that is no sound PNG of ours. */
async function keyIn(file: string): Promise<string | undefined> {
  const bytes = await readBytes(file);
  try {
    return readPngText(bytes, file).get(keyword);
  } catch {
    return undefined;
  }
}
