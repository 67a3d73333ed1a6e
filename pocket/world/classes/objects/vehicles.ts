/** @file Car, rocket and boat. */

import type { Brush } from '../../drawing/brush.ts';
import { box, oval } from '../../drawing/outlines.ts';
import { cream, deep, ink, pale, palette } from '../../looks/palette.ts';
import type { WorldClass } from '../world-class.ts';

export const car: WorldClass = {
  name: 'car',
  type: 'object',
  extent: [24, 95],
  colours: ['red', 'blue', 'yellow', 'green', 'white', 'orange', 'black'],
  parts: {
    roof: ['round', 'square', 'open'],
    rims: ['light', 'coloured'],
    rack: ['none', 'surfboard'],
  },
  places: { head: { x: 47, y: 27, width: 34 } },
  draw: (brush) => {
    const { main, second } = brush;
    const glass = pale(palette.blue, 0.55);
    const roof = brush.part('roof');
    const cabin =
      {
        round: 'M20 54C24 34 34 28 48 28C64 28 72 38 78 54Z',
        square: 'M20 54V28H66L78 54Z',
        open: 'M62 54L54 32L60 30L72 54Z',
      }[roof] ?? '';
    const windows =
      {
        round: 'M28 51C31 39 36 35 45 35V51ZM51 35C62 35 66 42 70 51H51Z',
        square: 'M27 51V35H44V51ZM50 51V35H62L69 51Z',
        open: '',
      }[roof] ?? '';
    // On the roof, or where there is none, upright behind the seats.
    const board =
      roof === 'open' ? 'M22 54C14 40 14 24 22 10C34 22 40 40 36 54Z' : oval(46, 22, 32, 4.6);
    return [
      brush.part('rack') === 'surfboard' ? brush.flat(board, second) : '',
      brush.solid(cabin, roof === 'open' ? ink : main),
      windows === '' ? '' : brush.flat(windows, glass, 2.4),
      brush.body(
        'M3 62C3 54 8 52 20 51H78C92 53 97 58 97 66V76C97 80 94 82 90 82H10C5 82 3 80 3 76Z',
        [50, 64],
      ),
      brush.flat(oval(92, 63, 4, 4.6), palette.yellow, 2.2),
      brush.spot(box(3, 60, 5, 8, 2), palette.red),
      brush.mark([50, 66], 9.5),
      wheel(brush, 25) + wheel(brush, 75),
    ].join('');
  },
};

function wheel(brush: Brush, x: number): string {
  const rim = brush.part('rims') === 'light' ? cream : brush.second;
  return (
    brush.flat(oval(x, 82, 12.5), ink) +
    brush.spot(oval(x, 82, 7), rim) +
    brush.spot(oval(x, 82, 2.6), ink)
  );
}

export const rocket: WorldClass = {
  name: 'rocket',
  type: 'object',
  colours: ['white', 'gray', 'red', 'yellow', 'turquoise', 'blue'],
  parts: { nose: ['pointed', 'round'], fins: ['swept', 'square'], window: ['one', 'two'] },
  places: { eyes: { x: 50, y: 36, width: 32 } },
  draw: (brush) => {
    const { main, second } = brush;
    const glass = pale(palette.blue, 0.45);
    const fins =
      brush.part('fins') === 'swept'
        ? 'M34 54C18 62 14 74 16 88L36 78ZM66 54C82 62 86 74 84 88L64 78Z'
        : 'M34 58H16V84H36ZM66 58H84V84H64Z';
    const nose =
      brush.part('nose') === 'pointed'
        ? 'M32 26C36 14 44 6 50 0C56 6 64 14 68 26Z'
        : 'M31 28C31 10 38 2 50 2C62 2 69 10 69 28Z';
    const port = (y: number, r: number): string =>
      brush.flat(oval(50, y, r), cream) + brush.flat(oval(50, y, r - 3.2), glass, 1.6);
    return [
      brush.flat(
        'M38 80C34 90 42 92 42 98C46 94 48 96 50 101C52 96 54 94 58 98C58 92 66 90 62 80Z',
        palette.orange,
      ),
      brush.spot('M44 82C42 90 48 90 50 95C52 90 58 90 56 82Z', palette.yellow),
      brush.flat(fins, second),
      brush.flat('M38 76H62V84H38Z', deep(main, 0.5)),
      brush.body('M32 26H68C74 42 72 64 64 80H36C28 64 26 42 32 26Z', [50, 58]),
      brush.solid(nose, second),
      brush.part('window') === 'one' ? port(38, 9.5) : port(34, 6.6) + port(49, 6.6),
      brush.mark([50, 65], 9.5),
    ].join('');
  },
};

export const boat: WorldClass = {
  name: 'boat',
  type: 'object',
  colours: ['white', 'red', 'blue', 'yellow', 'orange', 'green'],
  parts: {
    hull: ['plain', 'coloured', 'brown'],
    sails: ['two', 'one', 'square'],
    flag: ['left', 'none'],
  },
  places: {},
  draw: (brush) => {
    const { main, second } = brush;
    const hull =
      { plain: main, coloured: second, brown: palette.brown }[brush.part('hull')] ?? main;
    const kind = brush.part('sails');
    const sail =
      {
        one: 'M54 8C76 22 88 44 92 68H54Z',
        two: 'M54 8C76 22 88 44 92 68H54Z',
        square: 'M22 16H86C90 32 90 50 86 66H22C26 50 26 32 22 16Z',
      }[kind] ?? '';
    return [
      brush.line('M50 2V80', 5.5, deep(palette.brown, 0.4)),
      brush.part('flag') === 'left' ? brush.flat('M49 1L28 7L49 13Z', second, 2.4) : '',
      kind === 'two' ? brush.solid('M46 22C36 38 26 52 10 66H46Z', pale(main, 0.35)) : '',
      brush.body(sail, kind === 'square' ? [54, 42] : [68, 46]),
      kind === 'square' ? brush.mark([54, 41], 12) : brush.mark([67, 50], 10),
      brush.solid('M2 74H98C96 88 84 97 70 97H28C14 97 4 88 2 74Z', hull),
      brush.line('M6 82H94', 3.6, cream),
    ].join('');
  },
};
