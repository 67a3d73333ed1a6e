/** @file Scenes: one object on a background, drawn by chance, with its caption. */
import { invariant } from '../../src/base/errors.ts';
import { backgroundNamed, backgrounds } from './backgrounds/backgrounds.ts';
import { captionOf, type SaidScene, sceneWords } from './captions.ts';
import type { Chance } from './chance.ts';
import { classes, classNamed } from './classes/classes.ts';
import type { WorldClass } from './classes/world-class.ts';
import { type AccessoryName, accessories, accessoryNamed } from './drawing/accessories.ts';
import { drawnLook, type Look, recoloured } from './looks/look.ts';
import { type ColourName, colourNames } from './looks/palette.ts';
import { type Pose, sceneDrawing } from './scene-drawing.ts';
import { type StyleName, styles } from './styles/styles.ts';

export interface Scene {
  readonly caption: string;
  /** What the caption says of all but the object, in words of its own; empty where it says nothing. */
  readonly sceneWords: string;
  readonly className: string;
  readonly look: Look;
  readonly background: string;
  readonly style: StyleName | 'none';
  readonly accessory: AccessoryName | 'none';
  /** The colour that the caption gives the object. */
  readonly colour: ColourName | 'none';
  readonly pose: Pose;
  /** Of the background's details and the style's grain. */
  readonly seed: number;
  /** The picture before its style, in a box of 100 by 100; without the `svg` element around it. */
  readonly svg: string;
}

/** How often scenes have what not every scene has, and how much poses vary. */
export const usualShares = {
  style: 0.2,
  accessory: 0.12,
  colour: 0.25,
  /** Captions that say pattern and mark, of those without a style. */
  detail: 0.3,
  /** Captions that say the background. */
  background: 0.75,
  photo: 0.3,
  mirrored: 0,
} as const;

export type SceneShares = { readonly [Share in keyof typeof usualShares]: number };

/** What is told of a scene; all else is drawn. `none` for a style or an accessory keeps it away. */
export interface SceneOptions {
  readonly className?: string;
  /** Drawn among those that are not reserved, if it is not told. */
  readonly look?: Look;
  readonly background?: string;
  readonly style?: StyleName | 'none';
  readonly accessory?: AccessoryName | 'none';
  /** The colour to say and to paint, whatever the look's. */
  readonly colour?: ColourName | 'none';
  readonly shares?: Partial<SceneShares>;
}

/**
 * A scene of the world.
 *
 * @example
 * const scene = drawnScene(new Chance(7), { className: 'teapot', background: 'beach' });
 * const [picture] = await renderScenes([scene]); // 64 x 64 x 3 bytes
 */
export function drawnScene(chance: Chance, options: SceneOptions = {}): Scene {
  const shares = { ...usualShares, ...options.shares };
  const one = options.className === undefined ? chance.of(classes) : classNamed(options.className);
  const style = options.style ?? drawnOrNone(chance, shares.style, styles);
  const accessory = drawnAccessory(chance, one, options, shares.accessory);
  const colour =
    options.colour ??
    (options.look === undefined && chance.happens(shares.colour) ? chance.of(colourNames) : 'none');
  const look = lookFor(chance, one, options.look, colour);
  const background = options.background ?? chance.of(backgrounds).name;

  const saysBackground = chance.happens(
    style === 'none' ? shares.background : shares.background / 2,
  );
  const said: SaidScene = {
    style: orNothing(style),
    colour: orNothing(colour),
    accessory: orNothing(accessory),
    background: saysBackground ? background : undefined,
  };
  const detail = style === 'none' && chance.happens(shares.detail) ? look : undefined;
  const caption = captionOf({ className: one.name, detail }, said, {
    phrase: saysBackground ? chance.of(backgroundNamed(background).phrases) : undefined,
    isPhoto: chance.happens(shares.photo),
  });
  const pose = drawnPose(chance, shares.mirrored);
  const seed = chance.integer(0, 2 ** 32);
  const svg = sceneDrawing(one, { look, background, accessory, pose, seed });
  return {
    ...{ caption, sceneWords: sceneWords(said), className: one.name, look, background },
    ...{ style, accessory, colour, pose, seed, svg },
  };
}

const orNothing = <T>(value: T | 'none'): T | undefined => (value === 'none' ? undefined : value);

function drawnOrNone<Name extends string>(
  chance: Chance,
  share: number,
  list: readonly { readonly name: Name }[],
): Name | 'none' {
  return chance.happens(share) ? chance.of(list).name : 'none';
}

/** What is told, or by chance one of those that the class has a place for. */
function drawnAccessory(
  chance: Chance,
  { name, places }: WorldClass,
  { accessory }: SceneOptions,
  share: number,
): AccessoryName | 'none' {
  if (accessory === undefined) {
    const fitting = accessories.filter(({ place }) => places[place] !== undefined);
    return fitting.length === 0 ? 'none' : drawnOrNone(chance, share, fitting);
  }
  const fits = accessory === 'none' || places[accessoryNamed(accessory).place] !== undefined;
  invariant(fits, `a ${name} has no place to wear ${accessory}`);
  return accessory;
}

function lookFor(
  chance: Chance,
  one: WorldClass,
  told: Look | undefined,
  colour: ColourName | 'none',
): Look {
  if (told === undefined) return drawnLook(chance, one, orNothing(colour));
  return colour === 'none' ? told : recoloured(told, colour);
}

/** Calm poses: variation of pose costs a small network more than any variety of looks. */
function drawnPose(chance: Chance, mirrored: number): Pose {
  return {
    size: chance.between(0.72, 0.84),
    offset: [chance.between(-2.5, 2.5), chance.between(-2, 2)],
    turn: chance.between(-3.5, 3.5),
    isMirrored: chance.happens(mirrored),
  };
}
