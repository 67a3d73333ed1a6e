/** @file A scene as SVG text: background, object where it stands, what it wears, what lies before it. */
import { backgroundNamed } from './backgrounds/backgrounds.ts';
import { Chance } from './chance.ts';
import type { WorldClass } from './classes/world-class.ts';
import { type AccessoryName, accessoryNamed } from './drawing/accessories.ts';
import { Brush } from './drawing/brush.ts';
import { numbers, oval } from './drawing/outlines.ts';
import { form } from './drawing/scenery.ts';
import type { Look } from './looks/look.ts';

/** Where the object stands and how large. */
export interface Pose {
  /** Of the frame's side, the side of the box it is drawn in. */
  readonly size: number;
  /** From the middle, in hundredths of the frame. */
  readonly offset: readonly [x: number, y: number];
  /** Degrees. */
  readonly turn: number;
  readonly isMirrored: boolean;
}

/** All that is seen of a scene before its style. */
export interface DrawnScene {
  readonly look: Look;
  readonly background: string;
  readonly accessory: AccessoryName | 'none';
  readonly pose: Pose;
  /** Of the background's details. */
  readonly seed: number;
}

/** How far things sink into water, in hundredths of the frame. */
const draught = 5;
/** Of what is worn on a head, its height over the place by the place's width. */
const hatHeight = 0.62;

/** A scene in a box of 100 by 100, without the `svg` element around it. */
export function sceneDrawing(one: WorldClass, scene: DrawnScene): string {
  const { footing, draw } = backgroundNamed(scene.background);
  const { behind, before = '' } = draw(new Chance(scene.seed));
  const brush = new Brush(scene.look, `s${scene.seed}`);
  const { extent, wearing } = dressed(one, scene.accessory, brush);
  const [, bottom] = extent;
  const shadow = footing === 'ground' ? form(oval(52, bottom - 1, 42, 6), '#1c1430', 0.24) : '';
  const placed = placement(scene.pose, extent, footing === 'surface' ? draught : 0);
  return `${behind}<g transform="${placed}">${shadow}${one.draw(brush)}${wearing}</g>${before}`;
}

type Extent = readonly [top: number, bottom: number];

/** What a class wears, and how far it reaches with that. */
function dressed(
  one: WorldClass,
  accessory: AccessoryName | 'none',
  brush: Brush,
): { readonly extent: Extent; readonly wearing: string } {
  const [top, bottom] = one.extent ?? [0, 98];
  if (accessory === 'none') return { extent: [top, bottom], wearing: '' };
  const worn = accessoryNamed(accessory);
  const place = one.places[worn.place];
  if (place === undefined) return { extent: [top, bottom], wearing: '' };
  const hat = worn.place === 'head' ? place.y - hatHeight * place.width : top;
  return { extent: [Math.min(top, hat), bottom], wearing: worn.draw(brush, place) };
}

/** The middle of the extent in the middle of the frame; what is higher than the box is drawn smaller. */
function placement(
  { size, offset, turn, isMirrored }: Pose,
  extent: Extent,
  lower: number,
): string {
  const [top, bottom] = extent;
  const scale = size * Math.min(1, 100 / (bottom - top));
  const [dx, dy] = offset;
  return [
    `translate(${numbers(50 + dx, 50 + dy + lower)})`,
    `rotate(${numbers(turn)})`,
    `scale(${numbers(isMirrored ? -scale : scale, scale)})`,
    `translate(-50 ${numbers(-(top + bottom) / 2)})`,
  ].join('');
}
