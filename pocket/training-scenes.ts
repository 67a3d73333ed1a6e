/** @file The scenes that the networks are trained on: most looks several times, so that a subject can be known again. */
import type { RenderedScene } from './scene-pool.ts';
import { Chance } from './world/chance.ts';
import { classes } from './world/classes/classes.ts';
import { drawnLook } from './world/looks/look.ts';
import { renderScenes } from './world/render-scenes.ts';
import { drawnScene, type Scene } from './world/scene.ts';

/** Scenes that belong together: all but the last show one look. */
const scenesPerLook = 4;

/** Draws the training scenes of some indices. */
export function trainingScenes(seed: number, pictureSize: number) {
  return async (indices: readonly number[]): Promise<readonly RenderedScene[]> => {
    const scenes = indices.map((index) => trainingScene(seed, index));
    const pictures = await renderScenes(scenes, pictureSize);
    return scenes.map(({ caption, className, style }, i) => {
      const index = indices[i] ?? 0;
      const shared = isShared(index);
      return {
        caption,
        className,
        look: shared ? Math.floor(index / scenesPerLook) : -1 - index,
        plain: shared && style === 'none',
        pixels: pictures[i] ?? new Uint8Array(),
      };
    });
  };
}

function isShared(index: number): boolean {
  return index % scenesPerLook < scenesPerLook - 1;
}

/** A scene of a shared look, or one whose look is its own and may be told its colour. */
function trainingScene(seed: number, index: number): Scene {
  const chance = new Chance((Math.imul(seed, 2_654_435_761) + index) >>> 0);
  if (!isShared(index)) return drawnScene(chance);
  const group = new Chance(
    (Math.imul(seed + 1, 2_246_822_519) + Math.floor(index / scenesPerLook)) >>> 0,
  );
  const one = group.of(classes);
  return drawnScene(chance, { className: one.name, look: drawnLook(group, one) });
}
