/** @file Robot, teddy bear and guitar. */
import { eyes, muzzleMouth } from '../../drawing/faces.ts';
import { box, oval } from '../../drawing/outlines.ts';
import { cream, deep, ink, pale, palette } from '../../looks/palette.ts';
import type { WorldClass } from '../world-class.ts';

export const robot: WorldClass = {
  name: 'robot',
  type: 'object',
  colours: ['gray', 'turquoise', 'red', 'blue', 'yellow', 'white', 'lime'],
  parts: {
    head: ['square', 'round'],
    antenna: ['ball', 'two', 'dish'],
    arms: ['claws', 'balls'],
    mouth: ['grille', 'smile'],
  },
  places: {
    eyes: { x: 50, y: 29, width: 38 },
    head: { x: 50, y: 15, width: 40 },
    neck: { x: 50, y: 51, width: 36 },
  },
  draw: (brush) => {
    const { main, second } = brush;
    const steel = palette.gray;
    const antenna = {
      ball: brush.line('M50 14V6') + brush.flat(oval(50, 5, 4.6), second, 2.4),
      two:
        brush.line('M36 14L30 4M64 14L70 4') +
        brush.flat(oval(30, 4, 4) + oval(70, 4, 4), second, 2.4),
      dish: brush.line('M50 14V9') + brush.flat('M36 0C38 12 62 12 64 0Z', second, 2.4),
    }[brush.part('antenna')];
    const hands =
      brush.part('arms') === 'balls'
        ? brush.flat(oval(13, 76, 7) + oval(87, 76, 7), second)
        : brush.tube(
            'M8 82C4 76 8 70 13 70C18 70 22 76 18 82M82 82C78 76 82 70 87 70C92 70 96 76 92 82',
            3.2,
            second,
          );
    const lamp = (x: number): string =>
      brush.flat(oval(x, 29, 7), cream, 2.4) + brush.spot(oval(x, 29, 3.8), ink);
    return [
      antenna ?? '',
      brush.tube('M28 60C16 60 13 64 13 72M72 60C84 60 87 64 87 72', 6, steel) + hands,
      brush.flat(box(30, 84, 15, 14, 3) + box(55, 84, 15, 14, 3), steel),
      brush.flat(box(41, 44, 18, 10), steel),
      brush.body(box(24, 51, 52, 37, 6), [50, 70]),
      brush.mark([50, 70], 11),
      brush.flat(box(15, 24, 10, 13, 3) + box(75, 24, 10, 13, 3), second),
      brush.solid(
        brush.part('head') === 'square'
          ? box(22, 13, 56, 34, 6)
          : 'M22 44V34C22 20 34 12 50 12C66 12 78 20 78 34V44C78 48 22 48 22 44Z',
        main,
      ),
      lamp(37) + lamp(63),
      brush.part('mouth') === 'grille'
        ? brush.flat(box(38, 38, 24, 6.5, 2), cream, 2) + brush.line('M46 39V44M54 39V44', 2)
        : brush.line('M40 38Q50 47 60 38', 3),
    ].join('');
  },
};

export const teddyBear: WorldClass = {
  name: 'teddy bear',
  type: 'object',
  colours: ['brown', 'beige', 'orange', 'pink', 'white'],
  parts: {
    bow: ['bow', 'none'],
    soles: ['light', 'coloured'],
    ears: ['light', 'coloured'],
    eyes: ['dots', 'round'],
  },
  places: {
    eyes: { x: 50, y: 27, width: 36 },
    head: { x: 50, y: 11, width: 38 },
    neck: { x: 50, y: 52, width: 38 },
  },
  draw: (brush) => {
    const { main, second } = brush;
    const sole = brush.part('soles') === 'light' ? pale(main, 0.7) : second;
    const ear = brush.part('ears') === 'light' ? pale(main, 0.65) : second;
    const foot = (x: number): string =>
      brush.solid(oval(x, 84, 14, 13.5), main) + brush.flat(oval(x, 85, 8, 7.8), sole, 2);
    const bow =
      brush.flat('M50 53L34 46V60ZM50 53L66 46V60Z', second, 2.6) +
      brush.flat(oval(50, 53, 4), deep(second, 0.3), 2.4);
    return [
      brush.flat(oval(26, 14, 11), main) + brush.flat(oval(74, 14, 11), main),
      brush.spot(oval(26, 14, 5.8), ear) + brush.spot(oval(74, 14, 5.8), ear),
      brush.tube('M30 58C18 60 12 66 9 72M70 58C82 60 88 66 91 72', 11, main),
      brush.body(
        'M24 74C24 56 34 48 50 48C66 48 76 56 76 74C76 92 66 96 50 96C34 96 24 92 24 74Z',
        [50, 70],
      ),
      brush.mark([50, 71], 9.5),
      foot(22) + foot(78),
      brush.solid(oval(50, 30, 27, 22), main),
      brush.flat(oval(50, 38, 14, 10), pale(main, 0.7), 2.2),
      eyes(brush, 50, 26, 12, 4.4),
      brush.spot(oval(50, 34, 5.6, 4.2), ink),
      muzzleMouth(brush, 50, 39.5, 5.5),
      // The seam of a thing that was sewn.
      brush.line('M50 9V13M50 16V20', 2, deep(main, 0.55)),
      brush.part('bow') === 'bow' ? bow : '',
    ].join('');
  },
};

export const guitar: WorldClass = {
  name: 'guitar',
  type: 'object',
  colours: ['brown', 'orange', 'red', 'blue', 'black', 'yellow', 'turquoise'],
  parts: { shape: ['round', 'horned'], head: ['plain', 'coloured'], guard: ['none', 'guard'] },
  places: { eyes: { x: 42, y: 59, width: 34 } },
  draw: (brush) => {
    const { second } = brush;
    const wood = deep(palette.brown, 0.25);
    const round = brush.part('shape') === 'round';
    const shape = round
      ? 'M50 42C62 40 70 46 68 56C67 62 78 66 78 78C78 92 66 99 50 99C34 99 22 92 22 78C22 66 33 62 32 56C30 46 38 40 50 42Z'
      : 'M44 56C38 50 36 40 28 38C22 42 24 54 28 60C18 68 16 80 24 90C32 99 68 99 76 90C84 80 82 68 72 60C76 54 78 44 72 42C64 44 62 50 56 56Z';
    const guard = 'M58 66C68 66 72 76 66 84C62 86 58 82 57 78Z';
    const drawing = [
      brush.flat(box(45, 8, 10, 44), wood),
      brush.flat('M41 -4H59L57 12H43Z', brush.part('head') === 'plain' ? wood : second),
      brush.spot(
        oval(39, -1, 2.4) + oval(39, 7, 2.4) + oval(61, -1, 2.4) + oval(61, 7, 2.4),
        cream,
      ),
      brush.body(shape, [50, 76]),
      brush.part('guard') === 'guard' ? brush.flat(guard, cream, 2) : '',
      round ? brush.flat(oval(50, 63, 8), ink, 2.4) : brush.flat(box(40, 64, 20, 6, 2), ink, 2),
      brush.flat(box(39, 90, 22, 5, 1), wood, 2),
      brush.line('M47.5 12V90M52.5 12V90', 1.3, cream),
      brush.mark([35, 79], 8),
    ].join('');
    return `<g transform="rotate(32 50 50) translate(2 2)">${drawing}</g>`;
  },
};
