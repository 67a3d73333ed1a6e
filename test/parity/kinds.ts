/** @file The kinds of fixtures, told apart by what their JSON says. To add one: a check and an entry here. */
import * as z from 'zod';
import { type Check, unsupported } from './check.ts';
import { checkAdapterFiles } from './checks/adapters/adapter-files.ts';
import { checkAdapterLayers } from './checks/adapters/adapter-layers.ts';
import { checkParameterCounts } from './checks/adapters/param-counts.ts';
import { checkBlipDiffusion } from './checks/blip-diffusion.ts';
import { checkFloat8 } from './checks/float8.ts';
import { checkImagePreprocess } from './checks/image-preprocess.ts';
import { checkLosses } from './checks/losses.ts';
import { checkClipModel } from './checks/models/clip-model.ts';
import { checkShapeManifests } from './checks/models/shape-manifests.ts';
import { checkTextEncoder } from './checks/models/text-encoder.ts';
import { checkTokenizer } from './checks/models/tokenizer.ts';
import { checkUNet } from './checks/models/unet.ts';
import { checkVae } from './checks/models/vae.ts';
import { checkVit } from './checks/models/vit.ts';
import { checkOptim } from './checks/optim.ts';
import { checkPipeline } from './checks/pipeline.ts';
import { checkPocket } from './checks/pocket.ts';
import { checkPrompts } from './checks/prompts.ts';
import { checkRng } from './checks/rng.ts';
import { checkSchedulers } from './checks/schedulers.ts';
import { checkUpscaler } from './checks/x4-upscaler.ts';

/** What any fixture's JSON may say about itself. */
const descriptionSchema = z.looseObject({
  name: z.string().optional(),
  what: z.string().default(''),
  /** The class, library or function that computed the expected values. */
  reference: z.string().default(''),
});

export type Description = z.output<typeof descriptionSchema>;

/** What a fixture's JSON says about itself. */
export function parseDescription(json: unknown): Description {
  return descriptionSchema.parse(json);
}

interface Kind {
  readonly matches: (description: Description) => boolean;
  readonly check: (folder: string, fixture: unknown) => Promise<Check[]>;
}

/** A kind by the class that its `reference` names. */
function computedBy(reference: RegExp, check: Kind['check']): Kind {
  return { matches: (description) => reference.test(description.reference), check };
}

/** A kind by what the fixture says it holds, where no one class computed it. */
function computes(what: RegExp, check: Kind['check']): Kind {
  return { matches: (description) => what.test(description.what), check };
}

const kinds: readonly Kind[] = [
  computedBy(/\bdiffusers\.UNet2DConditionModel\b/, checkUNet),
  computedBy(/\bdiffusers\.AutoencoderKL\b/, checkVae),
  computedBy(/\bdiffusers\.StableDiffusion(XL)?Pipeline\b/, checkPipeline),
  computedBy(/\bdiffusers\.BlipDiffusionPipeline\b/, checkBlipDiffusion),
  computedBy(/\bdiffusers\.StableDiffusionUpscalePipeline\b/, checkUpscaler),
  computedBy(/\btransformers\.CLIPTextModel(WithProjection)?\b/, checkTextEncoder),
  computedBy(/\btransformers\.CLIPModel\b/, checkClipModel),
  computedBy(/\btransformers\.ViTModel\b/, checkVit),
  computedBy(/\btransformers\.CLIPTokenizer\b/, checkTokenizer),
  computedBy(/\bCLIPImageProcessor\b/, checkImagePreprocess),
  computedBy(/\bdiffusers schedulers\b/, checkSchedulers),
  computedBy(/\btorch\.optim\b/, checkOptim),
  computedBy(/\bconditional_loss\b/, checkLosses),
  computedBy(/\btorch\b.*\bCPU generator\b/, checkRng),
  computedBy(/\btorch\.float8_/, checkFloat8),
  computes(/\bweighted and long prompts\b/, checkPrompts),
  computes(/\bcomplete adapter files\b/, checkAdapterFiles),
  computes(/\badapters on single linear layers\b/, checkAdapterLayers),
  computes(/\btrainable-parameter counts\b/, checkParameterCounts),
  computes(/\bevery tensor name and shape\b/, checkShapeManifests),
  // A base model's own reference values name no class: they describe a sampling run.
  {
    matches: (fixture) => 'sampling' in fixture && 'initial_latents' in fixture,
    check: checkPocket,
  },
];

/** Compares everything of a fixture; one of a kind without a check is said to be unsupported. */
export async function checkFixture(folder: string, fixture: unknown): Promise<Check[]> {
  const description = parseDescription(fixture);
  const kind = kinds.find(({ matches }) => matches(description));
  if (kind !== undefined) return await kind.check(folder, fixture);
  const { reference, what } = description;
  return [unsupported('all', `no check for ${reference || what || 'this kind'}`)];
}
