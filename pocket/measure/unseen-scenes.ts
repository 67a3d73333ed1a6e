/** @file Scenes that no training has seen, of chance that it does not draw from. */
import type { Image } from '../../src/data/image.ts';
import { Chance } from '../world/chance.ts';
import { renderScenes } from '../world/render-scenes.ts';
import { drawnScene, type Scene, type SceneOptions } from '../world/scene.ts';
import { subjects } from '../world/subjects/subjects.ts';

export const pictureSize = 64;

/** Scenes with these options each. */
export function unseenScenes(seed: number, options: readonly SceneOptions[]): readonly Scene[] {
  const chance = new Chance(0x5eed_0000 + seed);
  return options.map((each) => drawnScene(chance, each));
}

/** Their pictures, as everything that reads pictures takes them. */
export async function picturesOf(scenes: readonly Scene[]): Promise<readonly Image[]> {
  const pixels = await renderScenes(scenes, pictureSize);
  return pixels.map((data) => ({ width: pictureSize, height: pictureSize, data }));
}

/** A picture that is known to show a subject, or a look that is nobody's. */
export interface Portrait {
  readonly className: string;
  /** The subject's name; of another look, one that no other portrait has. */
  readonly identity: string;
  readonly scene: Scene;
}

/** Six new scenes of every held-out subject, and as many of other looks of its class. */
export function portraits(): readonly Portrait[] {
  const bare: SceneOptions = { style: 'none', accessory: 'none', colour: 'none' };
  return subjects.flatMap(({ name, className, look }, i) => {
    const shown = Array.from({ length: 12 }, (_, k) =>
      k < 6 ? { ...bare, className, look } : { ...bare, className },
    );
    return unseenScenes(1 + i, shown).map((scene, k) => ({
      className,
      identity: k < 6 ? name : `${name}, other look ${k}`,
      scene,
    }));
  });
}
