/** @file Cat, dog and rabbit. */
import type { Brush } from '../../drawing/brush.ts';
import { cheeks, eyeKinds, eyes, muzzleMouth } from '../../drawing/faces.ts';
import { box, oval, polygon } from '../../drawing/outlines.ts';
import { cream, deep, ink, pale, palette } from '../../looks/palette.ts';
import type { WorldClass } from '../world-class.ts';
import { sittingBody, sittingPlaces } from './sitting.ts';

export const cat: WorldClass = {
  name: 'cat',
  type: 'live',
  colours: ['orange', 'gray', 'black', 'white', 'beige', 'brown'],
  parts: {
    eyes: eyeKinds,
    tail: ['curled', 'raised'],
    nose: ['pink', 'dark'],
    paws: ['plain', 'socks'],
  },
  places: sittingPlaces,
  draw: (brush) => {
    const { main, second } = brush;
    const tail =
      brush.part('tail') === 'curled' ? 'M70 88C98 92 98 62 84 66' : 'M68 86C92 84 82 64 91 48';
    const ear = (side: 1 | -1): string => {
      const x = (dx: number): number => 50 + side * dx;
      return (
        brush.flat(polygon([x(8), 15], [x(27), 2], [x(29), 30]), main) +
        brush.spot(polygon([x(16), 16], [x(24), 9], [x(25), 24]), palette.pink)
      );
    };
    return [
      brush.tube(tail, 9, main),
      sittingBody(brush, brush.part('paws') === 'socks' ? second : main),
      ear(1) + ear(-1),
      brush.solid(
        'M20 36C20 18 34 11 50 11C66 11 80 18 80 36C80 52 66 58 50 58C34 58 20 52 20 36Z',
        main,
      ),
      // Three strokes on the forehead, in the second colour.
      brush.line('M50 14V22M41 15V20M59 15V20', 4, second),
      eyes(brush, 50, 34, 13),
      brush.spot(oval(50, 45, 10, 7), pale(main, 0.75)),
      brush.spot(
        polygon([46, 41], [54, 41], [50, 46]),
        brush.part('nose') === 'pink' ? palette.red : ink,
      ),
      muzzleMouth(brush, 50, 46, 6),
      brush.line('M14 40L27 42M15 49L27 46M86 40L73 42M85 49L73 46', 2),
    ].join('');
  },
};

export const dog: WorldClass = {
  name: 'dog',
  type: 'live',
  colours: ['brown', 'beige', 'white', 'black', 'orange', 'gray'],
  parts: {
    eyes: eyeKinds,
    ears: ['hanging', 'folded'],
    tongue: ['out', 'in'],
    patch: ['eye', 'none'],
  },
  places: sittingPlaces,
  draw: (brush) => {
    const { main, second } = brush;
    const dark = deep(main, 0.35);
    const ears = (): string => {
      if (brush.part('ears') === 'hanging') {
        return (
          brush.flat('M28 12C14 8 6 26 9 46C11 56 24 54 25 44Z', second) +
          brush.flat('M72 12C86 8 94 26 91 46C89 56 76 54 75 44Z', second)
        );
      }
      return (
        brush.flat('M36 14C28 2 14 4 8 22C18 20 22 26 26 30Z', second) +
        brush.flat('M64 14C72 2 86 4 92 22C82 20 78 26 74 30Z', second)
      );
    };
    return [
      brush.tube('M72 84C84 82 90 72 90 62', 8, main),
      sittingBody(brush, pale(main, 0.4)),
      brush.solid(
        'M24 32C24 14 36 8 50 8C64 8 76 14 76 32C76 52 64 60 50 60C36 60 24 52 24 32Z',
        main,
      ),
      brush.part('patch') === 'eye' ? brush.spot(oval(63, 29, 9.5, 11), dark) : '',
      ears(),
      eyes(brush, 50, 29, 12.5),
      brush.flat(oval(50, 46, 15, 12), pale(main, 0.7), 2.2),
      brush.part('tongue') === 'out'
        ? brush.flat('M45 52H55V59C55 65 45 65 45 59Z', palette.red, 2.2)
        : '',
      brush.spot(oval(50, 39.5, 6.5, 4.8), ink),
      muzzleMouth(brush, 50, 46, 8),
    ].join('');
  },
};

export const rabbit: WorldClass = {
  name: 'rabbit',
  type: 'live',
  colours: ['white', 'beige', 'gray', 'brown', 'pink'],
  parts: { eyes: eyeKinds, ears: ['up', 'bent'], bow: ['none', 'bow'] },
  places: {
    ...sittingPlaces,
    eyes: { x: 50, y: 42, width: 36 },
    head: { x: 50, y: 30, width: 34 },
  },
  draw: (brush) => {
    const { main, second } = brush;
    const straight = (x: number): string =>
      brush.flat(oval(x, 15, 7.5, 17), main) + brush.spot(oval(x, 16, 3.4, 11), palette.pink);
    const bent = (): string =>
      brush.flat(
        'M57 30C56 12 60 2 70 4C82 6 92 16 90 28C80 30 78 20 72 18C70 24 70 28 70 32Z',
        main,
      ) + brush.spot('M77 13C84 15 88 20 87 25C82 25 80 18 77 13Z', palette.pink);
    return [
      brush.flat(oval(80, 84, 9, 9), pale(main, 0.7)),
      sittingBody(brush, pale(main, 0.6)),
      straight(37) + (brush.part('ears') === 'up' ? straight(63) : bent()),
      brush.solid(oval(50, 44, 25, 19), main),
      eyes(brush, 50, 42, 12),
      cheeks(brush, 50, 51, 17, 4.5),
      brush.spot(oval(50, 48.5, 3.6, 2.6), palette.red),
      brush.flat(box(45.5, 53, 9, 6.5, 1), cream, 1.8),
      muzzleMouth(brush, 50, 51, 6),
      brush.part('bow') === 'bow' ? bow(brush, 50, 66, second) : '',
    ].join('');
  },
};

function bow(brush: Brush, x: number, y: number, colour: Brush['main']): string {
  return (
    brush.flat(polygon([x, y], [x - 14, y - 6], [x - 14, y + 6]), colour, 2.4) +
    brush.flat(polygon([x, y], [x + 14, y - 6], [x + 14, y + 6]), colour, 2.4) +
    brush.flat(oval(x, y, 3.6), deep(colour, 0.25), 2.4)
  );
}
