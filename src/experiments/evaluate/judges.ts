/** @file The encoders of an evaluation: checked before anything is drawn, loaded when there is something to score. */
import { type EncoderFolder, locateEncoder } from '../../metrics/encoder-folder.ts';
import { openClipModel, openImageText } from '../../metrics/image-text.ts';
import type { Judges } from '../../metrics/score-subject.ts';
import { openSelfSupervised, openVitModel } from '../../metrics/self-supervised.ts';
import { chooseDevice, type DeviceChoice } from '../../runtime/index.ts';
import type { HubHost } from '../../storage/hub/hub-events.ts';

/** Where both encoders lie. */
export interface JudgeFolders {
  readonly clip: EncoderFolder;
  readonly dino: EncoderFolder;
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

/** Loads the encoders for as long as `work` takes. */
export async function withJudges<T>(
  { clip: clipFolder, dino: dinoFolder }: JudgeFolders,
  choice: DeviceChoice | undefined,
  work: (judges: Judges) => Promise<T>,
): Promise<T> {
  const { device } = await chooseDevice(choice ?? 'cpu');
  await using clip = await openImageText(clipFolder, device);
  await using dino = await openSelfSupervised(dinoFolder, device);
  return await work({ clip, dino });
}
