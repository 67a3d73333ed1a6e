/** @file What the user asked for, completed by the run, its base model's recommendations and our defaults. */
import { ConfigError } from '../base/errors.ts';
import { requireSeeds } from '../base/numbers/seeds.ts';
import { required } from '../base/required.ts';
import type { Image, PicturesByName } from '../data/image.ts';
import { createSampler, parseSamplerName, type SamplerName } from '../diffusion/samplers/index.ts';
import { baseOfAdapters } from '../pipeline/adapters/base-of-adapters.ts';
import type { ConstantsHost } from '../pipeline/adapters/site-constants.ts';
import type { BaseModel } from '../pipeline/base/base-model.ts';
import { beforeDownload } from '../pipeline/base/before-download.ts';
import { withClipSkip } from '../pipeline/base/clip-skip.ts';
import { type OnDevice, onDevice } from '../pipeline/base/on-device.ts';
import { openBaseModel } from '../pipeline/base/open-base.ts';
import type { Recommendation } from '../pipeline/base/recommended/recommendation.ts';
import { requireDrawable } from '../pipeline/draw/drawing-memory.ts';
import { nativeSide } from '../pipeline/draw/picture-size.ts';
import type { Refiner } from '../pipeline/draw/refiner.ts';
import type { SecondPass } from '../pipeline/draw/second-pass.ts';
import { withPrecision } from '../pipeline/precision/base-precision.ts';
import { withStoredPrecision } from '../pipeline/precision/stored-precision.ts';
import { withNewTokens } from '../pipeline/text/new-tokens.ts';
import type { HubHost } from '../storage/hub/hub-events.ts';
import { type ChosenAdapter, chooseAdapters, openAdapters } from './adapters.ts';
import { fewStepsRemarks, recommendedFor, resolveConfig } from './drawing-settings.ts';
import type { GenerateConfig, GenerateOptions, Preparation } from './generate-options.ts';
import { type PreparedPicture, preparePicture, requireInitialImage } from './initial-picture.ts';
import { type PlannedPrompt, plannedPrompt } from './prompts/planned-prompt.ts';
import { mostTokens } from './prompts/prompt-tokens.ts';
import {
  filled,
  promptsOf,
  type RequestedPrompts,
  textsOfAll,
} from './prompts/requested-prompts.ts';
import { planRefiner, requireRefiner } from './refiner-plan.ts';
import { requireHeeded } from './settings/heeded-drawing.ts';
import { requireNamedSubject, type ShownWord, showSubject } from './shown-subject.ts';
import { planSecondPass, requireUpscale } from './upscale/second-pass-plan.ts';

/** A request with everything it refers to opened. */
export interface GeneratePlan extends PreparedPicture {
  readonly config: GenerateConfig;
  readonly base: BaseModel;
  readonly adapters: readonly ChosenAdapter[];
  /** What was seen in pictures of a subject, as a word of prompts. */
  readonly shown: ShownWord | undefined;
  readonly sampler: SamplerName | undefined;
  readonly refiner: Refiner | undefined;
  /** Draws the pictures again, enlarged. */
  readonly second: SecondPass | undefined;
  /** The picture that it enlarges, in place of those of a first pass. */
  readonly given?: Image | undefined;
  /** The prompt that is drawn, with the subject filled in: the first, unless another is put in its place. */
  readonly prompt: string;
  /** All that were asked for. */
  readonly prompts: readonly PlannedPrompt[];
  /** What will not do what one may expect of it, one sentence each. */
  readonly warnings: readonly string[];
}

/** What planning needs of its surroundings. */
export interface PlanningHost {
  readonly hub?: HubHost | undefined;
  /** Called where something is computed from the base's weights first. */
  readonly onPrepared?: ((progress: Preparation) => unknown) | undefined;
  /** Pictures by the names that the settings call them by, where these are no files. */
  readonly pictures?: PicturesByName | undefined;
}

/**
 * Completes and checks a request.
 *
 * @throws KronaError naming what is wrong and what to do
 */
export async function planGeneration(
  options: GenerateOptions,
  { hub = {}, onPrepared, pictures }: PlanningHost = {},
): Promise<GeneratePlan> {
  requireConsistent(options);
  const templates = await promptsOf(options);
  // Before the base is opened, and maybe downloaded, to recommend what is left open.
  const requested = resolveConfig(options, {});
  const beforehand = async (name: string) => await requireBeforehand(name, requested, hub);
  const resolve: Parameters<typeof openParts>[0] = (own) => resolveConfig(options, own);
  const parts = await openParts(resolve, { hub, onPrepared, beforehand });
  return await completed({ ...parts, options, templates }, { hub, pictures });
}

/** What opening needs of its surroundings. */
interface OpeningHost extends Pick<PlanningHost, 'hub' | 'onPrepared'> {
  /** Throws where a base would be opened in vain. */
  readonly beforehand?: (base: string) => Promise<void>;
}

/** The settings that are needed for it. */
type OpeningConfig = Pick<
  GenerateConfig,
  | ('run' | 'adapter' | 'base' | 'prediction' | 'ema' | 'device' | 'strength' | 'tolerate')
  | 'basePrecision'
>;

/**
 * Opens the base and the adapters of a request.
 *
 * @param resolve the request with what a base recommends, which is nothing until it is open
 */
export async function openParts(
  resolve: (recommended: Recommendation['generate']) => OpeningConfig,
  { hub = {}, onPrepared, beforehand = async () => {} }: OpeningHost = {},
): Promise<OpenedParts> {
  const requested = resolve({});
  const openedAdapters = await openAdapters(requested);
  const named = openedAdapters.map(({ request, opened }) => ({ ...opened, file: request.file }));
  const name = requested.base ?? baseOfAdapters(named) ?? 'pocket';
  const { prediction, ema } = requested;
  await beforehand(name);
  const opened = await openBaseModel(name, hub, { prediction, ema });
  const config = resolve(opened.recommendation.generate);
  const placed = withPrecision(await onDevice(opened, config.device), config.basePrecision);
  const { signal, now, environment } = hub;
  const during = (phase: Preparation['phase']): ConstantsHost => ({
    ...{ signal, now, environment },
    onProgress: (progress) => onPrepared?.({ ...progress, phase }),
  });
  const base = await withStoredPrecision(placed, during('rounding weights'));
  const preparing = during('decomposing weights');
  const { adapters, notes } = await chooseAdapters(base, openedAdapters, config, preparing);
  return { base, adapters, notes };
}

/** Refuses what could not be drawn, before its base is downloaded. */
async function requireBeforehand(
  name: string,
  config: GenerateConfig,
  hub: HubHost,
): Promise<void> {
  const { width, height, guidance: scale, guidanceRescale: rescale, device, initImage } = config;
  await beforeDownload(name, hub, {
    device,
    accept: (known) => {
      const outline = withPrecision(known, config.basePrecision);
      requireDrawing(outline);
      const { sampler: name, steps, timesteps, eta } = config;
      // Without timesteps it is what the base recommends that decides, which is not known yet.
      if (timesteps !== undefined) {
        const own = name === undefined ? {} : { name: parseSamplerName(name) };
        createSampler(outline.scheduler, { steps, timesteps, eta, ...own });
      }
      // Where a picture is begun with, its own size is known only later.
      if (initImage !== undefined) return;
      const side = nativeSide(outline);
      const size = { width: width ?? side, height: height ?? side };
      requireDrawable(outline, { batch: 1, guidance: { scale, rescale }, size });
    },
  });
}

/** What a request refers to, opened beforehand. */
export interface OpenedParts extends Pick<GeneratePlan, 'adapters' | 'notes'> {
  readonly base: OnDevice;
}

/**
 * Completes and checks a request whose base and adapters are open already.
 *
 * @throws KronaError naming what is wrong and what to do
 */
export async function planOn(
  parts: OpenedParts,
  options: GenerateOptions,
  { given, ...host }: PlanningHost & Pick<GeneratePlan, 'given'> = {},
): Promise<GeneratePlan> {
  requireConsistent(options);
  const templates = await promptsOf(options);
  return await completed({ ...parts, options, templates, given }, host);
}

interface OpenedRequest extends OpenedParts {
  readonly options: GenerateOptions;
  readonly templates: RequestedPrompts;
  readonly given?: Image | undefined;
}

async function completed(
  { base: opened, adapters, notes, options, templates, given }: OpenedRequest,
  { hub = {}, pictures }: PlanningHost,
): Promise<GeneratePlan> {
  requireDrawing(opened);
  const asked = heededConfig({ base: opened, adapters }, options);
  const asPrompts = templates.asked.map(({ text }) => text);
  const shown = await showSubject(opened, asked, { pictures, templates: asPrompts });
  const known = shown === undefined ? adapters : [shown, ...adapters];
  const negative = filled(asked.negative, known, 'negative');
  const clipSkip = asked.clipSkip ?? trainedSkip(adapters);
  const config = { ...asked, negative, ...(clipSkip !== undefined && { clipSkip }) };
  const base = withClipSkip(opened, clipSkip);
  const { batchSize, seed, count, guidance: scale, guidanceRescale: rescale } = config;
  requireSeeds(seed, count);
  const fill = (text: string) => filled(text, known, 'prompt');
  const prompts = templates.asked.map((each) => plannedPrompt(each, { ...templates, fill }));
  const sampler = config.sampler === undefined ? undefined : parseSamplerName(config.sampler);
  const drawing = {
    ...{ batch: Math.min(batchSize, count), guidance: { scale, rescale }, adapters },
    tokens: mostTokens(withNewTokens(base, known), textsOfAll(prompts, config), config),
  };
  const prepared = async () =>
    await preparePicture(config, base, {
      ...{ sampler, pictures },
      accept: (size) => requireDrawable(base, { ...drawing, size }),
    });
  const picture = given === undefined ? await prepared() : asFirst(given);
  const twice = await planSecondPass(config, {
    ...{ base, sampler, size: picture.size, drawing },
    initialAt: async (size) =>
      (await preparePicture({ ...config, ...size }, base, { sampler, pictures })).initial,
  });
  const fewSteps = fewStepsRemarks(base, adapters, config);
  const refined = await planRefiner(config, { base, adapters, sampler, ...picture, ...twice }, hub);
  return {
    ...picture,
    ...{ config, base, adapters, shown, sampler, given, prompts },
    ...{ refiner: refined.refiner, second: twice.second },
    notes: [
      base.notes ?? [],
      notes,
      fewSteps.notes,
      picture.notes,
      twice.notes,
      refined.notes,
    ].flat(),
    prompt: required(prompts, 0).of(seed),
    warnings: fewSteps.warnings,
  };
}

/** @throws ConfigError SETTING_UNHEEDED, or what resolveConfig refuses */
function heededConfig(
  { base, adapters }: Pick<OpenedParts, 'base' | 'adapters'>,
  options: GenerateOptions,
): GenerateConfig {
  const recommended = recommendedFor(base, adapters);
  const config = resolveConfig(options, recommended);
  requireHeeded(
    {
      ...{ scheduler: base.scheduler, adapters, mask: config.mask },
      sampler: config.sampler === undefined ? undefined : parseSamplerName(config.sampler),
    },
    { given: options, usual: { ...resolveConfig({}, {}), ...recommended } },
  );
  return config;
}

/** @throws ConfigError UPSCALER_BASE where the base enlarges pictures and draws none of a prompt alone */
function requireDrawing({ name, upscaler }: BaseModel): void {
  if (upscaler === undefined) return;
  throw new ConfigError(
    'UPSCALER_BASE',
    `base "${name}" enlarges pictures, and draws none of a prompt alone; enlarge with it (\`upscale()\`, \`krona upscale\`), or draw with another base`,
  );
}

/** A picture of any size, in place of a first pass. */
function asFirst({ width, height }: Image): PreparedPicture {
  return { size: { width, height }, initial: undefined, notes: [] };
}

/** @throws ConfigError where settings contradict each other, whatever the base */
function requireConsistent(options: GenerateOptions): void {
  requireInitialImage(options);
  requireNamedSubject(options);
  requireRefiner(options);
  requireUpscale(options);
}

/** The layer of the text encoders that the first adapter that says so was trained with. */
function trainedSkip(adapters: readonly ChosenAdapter[]): number | undefined {
  return adapters.find(({ training }) => training?.clipSkip)?.training?.clipSkip;
}
