/** @file Elephant and whale. */
import { cheeks, eye, eyeKinds, eyes } from '../../drawing/faces.ts';
import { numbers, oval } from '../../drawing/outlines.ts';
import { cream, deep, pale, palette } from '../../looks/palette.ts';
import type { WorldClass } from '../world-class.ts';

export const elephant: WorldClass = {
  name: 'elephant',
  type: 'live',
  colours: ['gray', 'blue', 'pink', 'white'],
  parts: {
    eyes: eyeKinds,
    trunk: ['down', 'up'],
    tusks: ['tusks', 'none'],
    ears: ['pink', 'coloured'],
  },
  places: {
    eyes: { x: 50, y: 30, width: 36 },
    head: { x: 50, y: 11, width: 38 },
    neck: { x: 50, y: 62, width: 46 },
  },
  draw: (brush) => {
    const { main, second } = brush;
    const inner = brush.part('ears') === 'pink' ? palette.pink : second;
    const trunk =
      brush.part('trunk') === 'down'
        ? 'M50 42C50 50 50 56 47 62C44 68 37 67 36 61'
        : 'M50 42C50 58 58 66 68 64C78 62 79 54 76 48';
    const tusk = (x: number, lean: number): string =>
      brush.flat(
        `M${numbers(x - 3.5, 50)}L${numbers(x + 3.5, 50)}L${numbers(x + lean, 62)}Z`,
        cream,
        2.2,
      );
    const toes = (x: number): string =>
      [-5, 0, 5].map((dx) => brush.spot(oval(x + dx, 95, 2), pale(main, 0.75))).join('');
    return [
      brush.tube('M35 82V91M65 82V91', 17, main),
      brush.body('M20 80C16 62 28 50 50 50C72 50 84 62 80 80C78 94 22 94 20 80Z', [50, 76]),
      toes(35) + toes(65),
      brush.mark([52, 80], 9),
      brush.flat('M30 14C10 4 -2 22 3 40C8 54 24 56 32 48Z', main) +
        brush.spot('M26 20C14 14 6 24 9 37C13 47 22 48 27 43Z', inner),
      brush.flat('M70 14C90 4 102 22 97 40C92 54 76 56 68 48Z', main) +
        brush.spot('M74 20C86 14 94 24 91 37C87 47 78 48 73 43Z', inner),
      brush.solid(
        'M26 30C26 15 36 8 50 8C64 8 74 15 74 30C74 46 64 55 50 55C36 55 26 46 26 30Z',
        main,
      ),
      brush.part('tusks') === 'tusks' ? tusk(38, -2) + tusk(62, 2) : '',
      brush.tube(trunk, 10.5, main),
      brush.line('M46 50H54M46.5 56H54', 1.8, deep(main, 0.45)),
      eyes(brush, 50, 30, 13, 4.6),
      cheeks(brush, 50, 40, 17.5, 3.6),
    ].join('');
  },
};

export const whale: WorldClass = {
  name: 'whale',
  type: 'live',
  extent: [22, 92],
  colours: ['blue', 'turquoise', 'gray', 'black'],
  parts: { eyes: eyeKinds, spout: ['drops', 'fountain', 'none'], fin: ['plain', 'coloured'] },
  places: {
    eyes: { x: 26, y: 56, width: 26 },
    head: { x: 33, y: 34, width: 36 },
    neck: { x: 40, y: 76, width: 66 },
  },
  draw: (brush) => {
    const { main, second } = brush;
    const water = palette.turquoise;
    const spout = {
      drops:
        brush.flat(oval(34, 22, 4, 5), water, 2) +
        brush.flat(oval(24, 12, 3.6, 4.6), water, 2) +
        brush.flat(oval(45, 11, 3.6, 4.6), water, 2),
      fountain: brush.tube('M34 30V18C34 8 22 8 22 16M34 18C34 8 46 8 46 16', 3.6, water),
      none: '',
    }[brush.part('spout')];
    return [
      spout ?? '',
      brush.flat(
        'M82 50C80 38 72 34 72 24C80 22 86 28 87 34C90 26 96 22 102 24C102 36 94 40 92 52Z',
        main,
      ),
      brush.body(
        'M4 64C4 44 18 32 40 32C64 32 72 50 92 44C98 68 78 92 44 92C18 92 4 82 4 64Z',
        [50, 62],
      ),
      brush.flat('M5 70C18 78 44 82 74 78C66 88 56 92 44 92C20 92 7 84 5 70Z', cream, 2.4),
      brush.line('M20 78V86M31 81V90M42 82V91M53 82V89', 1.8, palette.gray),
      brush.mark([60, 60], 9.5),
      brush.flat(
        'M36 72C36 82 42 92 52 94C54 84 50 76 46 72Z',
        brush.part('fin') === 'plain' ? deep(main, 0.2) : second,
      ),
      eye(brush, 24, 57, 5),
      brush.spot(oval(17, 66, 4, 3.2), palette.pink, 0.8),
    ].join('');
  },
};
