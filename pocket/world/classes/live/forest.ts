/** @file Bear, fox and owl. */
import { eyeKinds, eyes, muzzleMouth } from '../../drawing/faces.ts';
import { oval, polygon } from '../../drawing/outlines.ts';
import { cream, deep, ink, pale, palette } from '../../looks/palette.ts';
import type { WorldClass } from '../world-class.ts';
import { sittingBody, sittingPlaces } from './sitting.ts';

export const bear: WorldClass = {
  name: 'bear',
  type: 'live',
  colours: ['brown', 'black', 'white', 'beige'],
  parts: { eyes: eyeKinds, arms: ['down', 'up'], collar: ['none', 'collar'] },
  places: {
    eyes: { x: 50, y: 24, width: 34 },
    head: { x: 50, y: 9, width: 36 },
    neck: { x: 50, y: 48, width: 36 },
  },
  draw: (brush) => {
    const { main, second } = brush;
    const arms =
      brush.part('arms') === 'up'
        ? 'M26 58C14 54 10 44 10 34M74 58C86 54 90 44 90 34'
        : 'M27 56C16 62 14 70 15 78M73 56C84 62 86 70 85 78';
    return [
      brush.tube('M36 84V92M64 84V92', 17, main),
      brush.tube(arms, 12, main),
      brush.body('M22 74C20 52 30 42 50 42C70 42 80 52 78 74C77 92 23 92 22 74Z', [50, 66]),
      brush.mark([50, 68], 10.5),
      brush.flat(oval(29, 13, 9.5), main) + brush.flat(oval(71, 13, 9.5), main),
      brush.spot(oval(29, 13, 4.8), deep(main, 0.4)) +
        brush.spot(oval(71, 13, 4.8), deep(main, 0.4)),
      brush.solid(oval(50, 28, 27, 22), main),
      eyes(brush, 50, 23, 11.5, 4.4),
      brush.flat(oval(50, 36, 14.5, 10.5), pale(main, 0.65), 2.2),
      brush.spot(oval(50, 31.5, 7, 5), ink),
      muzzleMouth(brush, 50, 38, 6),
      brush.part('collar') === 'collar' ? brush.tube('M33 49Q50 57 67 49', 4.5, second) : '',
    ].join('');
  },
};

export const fox: WorldClass = {
  name: 'fox',
  type: 'live',
  colours: ['orange', 'red', 'white', 'gray'],
  parts: { eyes: eyeKinds, tail: ['side', 'raised'], ears: ['dark', 'light'] },
  places: { ...sittingPlaces, eyes: { x: 50, y: 32, width: 38 } },
  draw: (brush) => {
    const { main, second } = brush;
    const raised = brush.part('tail') === 'raised';
    const tail = raised
      ? 'M68 88C84 90 100 74 96 54C95 46 88 36 84 32C82 44 74 46 72 60Z'
      : 'M66 92C84 98 102 88 99 70C98 62 92 58 86 60C88 70 78 74 66 74Z';
    const tip = raised
      ? 'M97 58C96 48 88 36 84 32C83 40 79 44 76 49Z'
      : 'M99 74C98 62 92 58 86 60C88 64 87 68 84 70Z';
    const ears = brush.part('ears') === 'dark' ? ink : cream;
    const ear = (side: 1 | -1): string => {
      const x = (dx: number): number => 50 + side * dx;
      return (
        brush.flat(polygon([x(6), 16], [x(28), 1], [x(33), 32]), main) +
        brush.spot(polygon([x(17), 14], [x(26), 7], [x(28), 23]), ears)
      );
    };
    return [
      brush.solid(tail, main) + brush.flat(tip, second, 2.4),
      sittingBody(brush, ink),
      ear(1) + ear(-1),
      // A head that narrows to a snout, white cheeks beside a coloured ridge.
      brush.solid(
        'M16 32C24 12 40 13 50 13C60 13 76 12 84 32C74 42 62 60 50 61C38 60 26 42 16 32Z',
        main,
      ),
      brush.spot(
        'M20 34C32 34 42 40 47 56C42 58 30 46 20 34ZM80 34C68 34 58 40 53 56C58 58 70 46 80 34Z',
        cream,
      ),
      eyes(brush, 50, 31, 13.5, 4.6),
      brush.spot(oval(50, 55, 6.2, 5), ink),
    ].join('');
  },
};

export const owl: WorldClass = {
  name: 'owl',
  type: 'live',
  colours: ['brown', 'gray', 'beige', 'white', 'purple'],
  parts: { gaze: ['ahead', 'aside'], tufts: ['tall', 'wide'], rims: ['light', 'coloured'] },
  places: {
    eyes: { x: 50, y: 32, width: 44 },
    head: { x: 50, y: 13, width: 42 },
    neck: { x: 50, y: 56, width: 46 },
  },
  draw: (brush) => {
    const { main, second } = brush;
    const tufts =
      brush.part('tufts') === 'tall'
        ? 'M22 26L20 1L44 14ZM78 26L80 1L56 14Z'
        : 'M20 32L6 12L40 14ZM80 32L94 12L60 14Z';
    const gaze = brush.part('gaze') === 'aside' ? 3.5 : 0;
    const rim = brush.part('rims') === 'coloured' ? second : cream;
    const eye = (x: number): string =>
      brush.flat(oval(x, 32, 15), rim) +
      brush.spot(oval(x, 32, 11), cream) +
      brush.spot(oval(x + gaze, 32, 7), ink) +
      brush.spot(oval(x + gaze - 2.4, 29, 2.5), cream);
    return [
      brush.flat('M36 90V98M64 90V98', palette.orange, 8) +
        brush.line('M30 96H42M58 96H70', 5, palette.orange),
      brush.flat(tufts, deep(main, 0.25)),
      brush.solid(
        'M16 52C14 24 28 11 50 11C72 11 86 24 84 52C84 82 70 94 50 94C30 94 16 82 16 52Z',
        main,
      ),
      brush.body(
        'M29 68C29 52 40 48 50 48C60 48 71 52 71 68C71 84 62 90 50 90C38 90 29 84 29 68Z',
        [50, 69],
      ),
      brush.mark([50, 70], 10),
      brush.flat('M16 48C12 62 14 78 25 86C31 74 29 58 24 50Z', deep(main, 0.3)),
      brush.flat('M84 48C88 62 86 78 75 86C69 74 71 58 76 50Z', deep(main, 0.3)),
      eye(34) + eye(66),
      brush.flat(polygon([44, 39], [56, 39], [50, 52]), palette.orange, 2.6),
    ].join('');
  },
};
