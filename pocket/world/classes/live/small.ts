/** @file Frog, turtle, butterfly and snail. */
import { cheeks, eye, eyeKinds, smile } from '../../drawing/faces.ts';
import { mirrored, oval } from '../../drawing/outlines.ts';
import { cream, deep, ink, pale, palette } from '../../looks/palette.ts';
import type { WorldClass } from '../world-class.ts';

export const frog: WorldClass = {
  name: 'frog',
  type: 'live',
  colours: ['green', 'lime', 'turquoise', 'brown'],
  parts: {
    eyes: ['dots', 'round', 'sleepy'],
    feet: ['plain', 'coloured'],
    belly: ['light', 'body'],
  },
  places: {
    eyes: { x: 50, y: 22, width: 56 },
    head: { x: 50, y: 14, width: 40 },
    neck: { x: 50, y: 58, width: 56 },
  },
  draw: (brush) => {
    const { main, second } = brush;
    const feet = brush.part('feet') === 'plain' ? main : second;
    const knob = (x: number): string => brush.solid(oval(x, 20, 14), main);
    const lid = (x: number): string =>
      brush.part('eyes') === 'sleepy'
        ? eye(brush, x, 19, 6)
        : brush.flat(oval(x, 20, 9), cream, 2.2) +
          brush.spot(oval(x, 21, brush.part('eyes') === 'dots' ? 6.4 : 4), ink);
    return [
      brush.flat('M20 62C2 64 -2 84 6 92C16 96 30 94 34 86Z', deep(main, 0.12)),
      brush.flat('M80 62C98 64 102 84 94 92C84 96 70 94 66 86Z', deep(main, 0.12)),
      brush.body('M20 74C18 58 30 50 50 50C70 50 82 58 80 74C80 96 20 96 20 74Z', [50, 76]),
      brush.part('belly') === 'light' ? brush.spot(oval(50, 80, 16, 12), pale(main, 0.7)) : '',
      brush.mark([50, 78], 9),
      brush.flat(oval(28, 94, 14, 5), feet) + brush.flat(oval(72, 94, 14, 5), feet),
      knob(27) + knob(73),
      brush.solid(
        'M10 42C10 26 28 20 50 20C72 20 90 26 90 42C90 58 72 65 50 65C28 65 10 58 10 42Z',
        main,
      ),
      lid(27) + lid(73),
      brush.line('M24 46Q50 62 76 46', 3),
      brush.spot(oval(45, 36, 1.8), ink) + brush.spot(oval(55, 36, 1.8), ink),
      cheeks(brush, 50, 44, 32, 4),
    ].join('');
  },
};

export const turtle: WorldClass = {
  name: 'turtle',
  type: 'live',
  extent: [18, 94],
  colours: ['green', 'brown', 'blue', 'orange'],
  parts: { eyes: eyeKinds, skin: ['lime', 'beige'], rim: ['dark', 'coloured'] },
  places: {
    eyes: { x: 14, y: 46, width: 24 },
    head: { x: 16, y: 33, width: 26 },
    neck: { x: 25, y: 64, width: 24 },
  },
  draw: (brush) => {
    const { main, second } = brush;
    const skin = brush.part('skin') === 'lime' ? palette.lime : palette.beige;
    return [
      brush.flat('M86 76L102 84L84 86Z', skin),
      brush.solid(
        'M30 74C24 82 24 92 28 94H42C46 90 46 82 44 76ZM64 76C62 82 62 90 66 94H80C84 90 84 82 80 74Z',
        skin,
      ),
      brush.solid(
        'M0 48C0 38 8 32 17 32C28 32 33 40 32 50C32 60 38 66 42 72L28 78C22 72 22 66 16 64C6 62 0 56 0 48Z',
        skin,
      ),
      brush.body('M24 74C24 40 38 18 60 18C82 18 96 42 96 74C78 80 42 80 24 74Z', [60, 50]),
      brush.mark([60, 47], 12),
      brush.flat(
        'M22 70C44 78 76 78 98 70C100 76 98 80 94 82C74 87 46 87 26 82C22 80 20 76 22 70Z',
        brush.part('rim') === 'dark' ? deep(main, 0.35) : second,
      ),
      eye(brush, 13, 45, 4.8),
      smile(brush, 9, 54, 4.5, 2.2),
      brush.spot(oval(20, 55, 3.4, 2.8), palette.pink, 0.8),
    ].join('');
  },
};

export const butterfly: WorldClass = {
  name: 'butterfly',
  type: 'live',
  extent: [12, 94],
  colours: ['orange', 'blue', 'pink', 'yellow', 'purple', 'turquoise'],
  parts: {
    wings: ['round', 'tailed'],
    edge: ['dark', 'coloured'],
    feelers: ['curled', 'straight'],
  },
  places: {
    eyes: { x: 50, y: 36, width: 28 },
    head: { x: 50, y: 29, width: 32 },
    neck: { x: 50, y: 47, width: 18 },
  },
  draw: (brush) => {
    const { main, second } = brush;
    const upper = 'M50 48C40 20 22 8 8 14C-2 22 2 46 16 56C28 60 42 58 50 52Z';
    const lower =
      brush.part('wings') === 'round'
        ? 'M50 54C36 54 20 58 14 70C12 84 24 92 34 88C44 84 49 72 50 60Z'
        : 'M50 54C36 54 18 58 14 68C12 76 20 80 20 98C28 92 34 90 38 84C46 78 49 70 50 60Z';
    const edge = brush.part('edge') === 'dark' ? deep(main, 0.55) : second;
    const pair = (draw: (path: string) => string, path: string): string =>
      draw(path) + draw(mirrored(path));
    const feelers =
      brush.part('feelers') === 'curled'
        ? 'M48 30C46 18 40 12 34 14C31 16 34 20 36 18'
        : 'M48 30L36 12';
    return [
      pair((path) => brush.line(path, 2.8), feelers),
      pair((path) => brush.solid(path, edge), lower),
      pair((path) => brush.body(path, [25, 36]), upper),
      brush.mark([24, 36], 9.5) + brush.mark([76, 36], 9.5),
      brush.spot(oval(30, 73, 6), pale(edge, 0.7)) + brush.spot(oval(70, 73, 6), pale(edge, 0.7)),
      brush.flat('M45 34C45 28 55 28 55 34C56 50 54 72 50 84C46 72 44 50 45 34Z', deep(main, 0.75)),
      brush.spot(oval(47.6, 34, 1.8), cream) + brush.spot(oval(52.4, 34, 1.8), cream),
    ].join('');
  },
};

export const snail: WorldClass = {
  name: 'snail',
  type: 'live',
  extent: [24, 95],
  colours: ['orange', 'pink', 'brown', 'purple', 'red'],
  parts: { eyes: ['dots', 'round'], skin: ['beige', 'lime', 'gray'], spiral: ['spiral', 'none'] },
  places: {
    eyes: { x: 20, y: 29, width: 30 },
    head: { x: 21, y: 46, width: 28 },
    neck: { x: 24, y: 74, width: 26 },
  },
  draw: (brush) => {
    const { main } = brush;
    const skin =
      { beige: palette.beige, lime: palette.lime, gray: palette.gray }[brush.part('skin')] ??
      palette.beige;
    return [
      brush.tube('M16 50L10 30M26 50L30 30', 3.6, skin),
      brush.solid(
        'M8 60C6 48 16 44 24 46C34 48 36 56 36 66C37 74 44 78 54 78C70 78 86 80 100 94C70 97 40 96 26 95C14 94 10 76 8 60Z',
        skin,
      ),
      brush.body(oval(64, 52, 33, 33), [64, 52]),
      brush.part('spiral') === 'spiral'
        ? brush.line(
            'M36 68C40 74 50 79 62 78C80 77 89 64 88 50C87 38 77 30 66 30C55 30 47 38 47 48C47 58 54 65 63 65C72 65 77 58 76 51',
            2.8,
            deep(main, 0.6),
          )
        : brush.line('M37 68C44 78 58 82 72 79', 2.8, deep(main, 0.6)),
      brush.mark([63, 50], 10),
      brush.spot(oval(10, 29, 5), ink) + brush.spot(oval(30, 29, 5), ink),
      brush.part('eyes') === 'round'
        ? brush.flat(oval(10, 29, 5.5), cream, 2) +
          brush.flat(oval(30, 29, 5.5), cream, 2) +
          brush.spot(oval(9, 30, 2.8), ink) +
          brush.spot(oval(29, 30, 2.8), ink)
        : '',
      smile(brush, 16, 62, 4.5, 2.2),
      brush.spot(oval(25, 63, 3.6, 2.8), palette.pink, 0.8),
    ].join('');
  },
};
