/** @file Penguin and duck. */
import { cheeks, eye, eyeKinds, eyes } from '../../drawing/faces.ts';
import { oval, polygon } from '../../drawing/outlines.ts';
import { cream, deep, palette } from '../../looks/palette.ts';
import type { WorldClass } from '../world-class.ts';

export const penguin: WorldClass = {
  name: 'penguin',
  type: 'live',
  colours: ['black', 'gray', 'blue', 'turquoise'],
  parts: { eyes: eyeKinds, flippers: ['down', 'out'], crest: ['none', 'crest'] },
  places: {
    eyes: { x: 50, y: 29, width: 34 },
    head: { x: 50, y: 11, width: 36 },
    neck: { x: 50, y: 48, width: 44 },
  },
  draw: (brush) => {
    const { main, second } = brush;
    const flippers =
      brush.part('flippers') === 'down'
        ? 'M24 44C12 54 6 72 9 82C18 80 27 70 28 58ZM76 44C88 54 94 72 91 82C82 80 73 70 72 58Z'
        : 'M26 46C14 44 3 52 0 62C12 66 22 66 30 60ZM74 46C86 44 97 52 100 62C88 66 78 66 70 60Z';
    return [
      brush.flat(oval(35, 94, 13, 5), palette.orange),
      brush.flat(oval(65, 94, 13, 5), palette.orange),
      brush.part('crest') === 'crest' ? brush.flat('M44 10L35 -1L49 4L60 -3L57 10Z', second) : '',
      brush.flat(flippers, main),
      brush.solid(
        'M20 60C20 24 30 6 50 6C70 6 80 24 80 60C80 84 70 94 50 94C30 94 20 84 20 60Z',
        main,
      ),
      brush.spot(
        'M50 22C42 12 28 18 29 34C30 44 40 47 50 47C60 47 70 44 71 34C72 18 58 12 50 22Z',
        cream,
      ),
      // The belly is light, and has the pattern.
      brush.body(
        'M28 68C28 54 36 47 50 47C64 47 72 54 72 68C72 82 62 90 50 90C38 90 28 82 28 68Z',
        [50, 68],
        cream,
      ),
      brush.mark([50, 69], 9.5, cream),
      eyes(brush, 50, 29, 10.5, 4.4),
      brush.flat(polygon([41, 34], [59, 34], [50, 45]), palette.orange, 2.6),
      cheeks(brush, 50, 39, 16.5, 3.6),
    ].join('');
  },
};

export const duck: WorldClass = {
  name: 'duck',
  type: 'live',
  colours: ['yellow', 'white', 'brown', 'beige'],
  parts: { eyes: eyeKinds, tail: ['short', 'feathers'], ring: ['none', 'ring'] },
  places: {
    eyes: { x: 30, y: 25, width: 26 },
    head: { x: 32, y: 9, width: 30 },
    neck: { x: 35, y: 46, width: 28 },
  },
  draw: (brush) => {
    const { main, second } = brush;
    const tail =
      brush.part('tail') === 'short'
        ? 'M80 56L98 44L92 70Z'
        : 'M78 54L92 36L92 48L101 42L97 54L103 54L92 70Z';
    return [
      brush.line('M48 86V95M66 86V95', 6, palette.orange),
      brush.line('M42 96H52M60 96H70', 5, palette.orange),
      brush.flat(tail, deep(main, 0.12)),
      brush.body(
        'M16 62C14 52 26 48 40 54C56 58 72 56 94 54C98 76 82 92 54 90C30 90 16 80 16 62Z',
        [60, 72],
      ),
      brush.flat('M44 62C56 58 72 60 82 62C80 76 66 82 56 80C48 78 44 70 44 62Z', deep(main, 0.14)),
      brush.mark([63, 70], 8.5),
      brush.solid(
        'M16 28C16 14 24 7 35 7C47 7 55 16 55 28C55 38 51 44 49 52C46 60 22 60 19 52C19 46 16 38 16 28Z',
        main,
      ),
      brush.part('ring') === 'ring' ? brush.tube('M21 49Q34 57 49 49', 4.5, second) : '',
      brush.flat('M22 29C12 27 2 30 0 36C4 42 18 42 26 38Z', palette.orange),
      brush.line('M3 36Q14 36 23 34', 1.8),
      eye(brush, 34, 23, 5),
      brush.spot(oval(40, 33, 4.2, 3.4), palette.pink, 0.8),
    ].join('');
  },
};
