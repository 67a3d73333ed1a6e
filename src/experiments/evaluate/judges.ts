/** @file The encoders of an evaluation: checked before anything is drawn, loaded when there is something to score. */
import { type DriftPair, type DriftScores, scoreDrift } from '../../metrics/drift.ts';
import { type EncoderFolder, locateEncoder } from '../../metrics/encoder-folder.ts';
import { openClipModel, openImageText } from '../../metrics/image-text.ts';
import {
  type Judges,
  type SubjectPictures,
  type SubjectScores,
  scoreSubject,
} from '../../metrics/score-subject.ts';
import { openSelfSupervised, openVitModel } from '../../metrics/self-supervised.ts';
import { chooseDevice, type DeviceChoice } from '../../runtime/index.ts';
import type { HubHost } from '../../storage/hub/hub-events.ts';
import type { DrawHost } from './draw-evaluation.ts';

/** Where both encoders lie. */
export interface JudgeFolders {
  readonly clip: EncoderFolder;
  readonly dino: EncoderFolder;
}

/** The encoders, loaded; whoever opened them closes them. */
export interface OpenJudges extends Judges, AsyncDisposable {
  readonly folders: JudgeFolders;
}

/** What the literature measures with; the bundled model's world brings encoders of its own. */
export function usualJudges(isPocket: boolean): { readonly clip: string; readonly dino: string } {
  if (isPocket) return { clip: 'pocket', dino: 'pocket' };
  return { clip: 'openai/clip-vit-base-patch32', dino: 'facebook/dino-vits16' };
}

/**
 * Finds the encoders, downloads them where they are the hub's, and checks their weights.
 *
 * @param options names as the user gave them
 * @param isPocket whether the pictures are of the bundled model's world, which brings encoders of its own
 * @throws ModelError ENCODER_FOLDER and others
 */
export async function findJudges(
  { clip, dino }: { readonly clip?: string | undefined; readonly dino?: string | undefined },
  isPocket: boolean,
  hub: HubHost,
): Promise<JudgeFolders> {
  const usual = usualJudges(isPocket);
  const folders = {
    clip: await locateEncoder(clip ?? usual.clip, 'clip', hub),
    dino: await locateEncoder(dino ?? usual.dino, 'dino', hub),
  };
  await openClipModel(folders.clip.folder);
  await openVitModel(folders.dino.folder);
  return folders;
}

/** Loads the encoders. */
export async function openJudges(
  folders: JudgeFolders,
  choice: DeviceChoice | undefined,
): Promise<OpenJudges> {
  const { device } = await chooseDevice(choice ?? 'cpu');
  const clip = await openImageText(folders.clip, device);
  try {
    const dino = await openSelfSupervised(folders.dino, device);
    const close = async () => {
      await dino[Symbol.asyncDispose]();
      await clip[Symbol.asyncDispose]();
    };
    return { clip, dino, folders, [Symbol.asyncDispose]: close };
  } catch (error) {
    await clip[Symbol.asyncDispose]();
    throw error;
  }
}

/** What is scored: a subject's pictures, and pairs of unrelated ones. */
export interface ScoredPictures extends SubjectPictures {
  readonly pairs: readonly DriftPair[];
}

/** Asks the encoders, prompt after prompt. */
export async function scoreEvaluation(
  judges: Judges,
  { pairs, ...pictures }: ScoredPictures,
  { signal, listener }: Pick<DrawHost, 'signal' | 'listener'>,
): Promise<{ readonly scores: SubjectScores; readonly drift: readonly DriftScores[] }> {
  const total = pictures.prompts.length;
  const scores = await scoreSubject(judges, pictures, (done) => {
    signal?.throwIfAborted();
    listener?.({ type: 'scoring', done, total });
  });
  return { scores, drift: await scoreDrift(judges, pairs) };
}
