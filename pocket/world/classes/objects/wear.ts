/** @file Backpack, sneaker and umbrella. */
import { box, numbers } from '../../drawing/outlines.ts';
import { cream, deep, palette } from '../../looks/palette.ts';
import type { WorldClass } from '../world-class.ts';

export const backpack: WorldClass = {
  name: 'backpack',
  type: 'object',
  colours: ['red', 'blue', 'green', 'brown', 'purple', 'gray', 'orange'],
  parts: {
    pocket: ['main', 'coloured'],
    clasp: ['buckles', 'zip'],
    mat: ['none', 'mat'],
    sides: ['plain', 'coloured'],
  },
  places: { eyes: { x: 50, y: 34, width: 40 }, head: { x: 50, y: 14, width: 40 } },
  draw: (brush) => {
    const { main, second } = brush;
    const pocket = brush.part('pocket') === 'main' ? deep(main, 0.12) : second;
    const side = brush.part('sides') === 'plain' ? deep(main, 0.25) : second;
    const clasp =
      brush.part('clasp') === 'buckles'
        ? brush.flat(box(32, 44, 7, 15, 2) + box(61, 44, 7, 15, 2), palette.beige, 2)
        : brush.line('M26 50H74', 3, cream) + brush.flat(box(56, 48, 6, 10, 2), palette.yellow, 2);
    return [
      brush.tube('M38 14C38 2 62 2 62 14', 5, deep(main, 0.3)),
      brush.solid(
        'M22 60C8 60 6 70 8 88C12 93 20 93 24 90ZM78 60C92 60 94 70 92 88C88 93 80 93 76 90Z',
        side,
      ),
      brush.part('mat') === 'mat'
        ? brush.flat(box(12, 2, 76, 13, 6), second) +
          brush.line('M34 2V15M66 2V15', 3.4, deep(second, 0.5))
        : '',
      brush.body(
        'M18 44C18 20 28 11 50 11C72 11 82 20 82 44V86C82 94 78 97 70 97H30C22 97 18 94 18 86Z',
        [50, 34],
      ),
      brush.solid(box(26, 58, 48, 32, 7), pocket),
      clasp,
      brush.mark([50, 74], 11, pocket),
    ].join('');
  },
};

export const sneaker: WorldClass = {
  name: 'sneaker',
  type: 'object',
  extent: [26, 91],
  colours: ['white', 'red', 'blue', 'black', 'green', 'yellow', 'pink'],
  parts: { height: ['low', 'high'], sole: ['white', 'coloured'], toe: ['plain', 'cap'] },
  places: {},
  draw: (brush) => {
    const { second } = brush;
    const high = brush.part('height') === 'high';
    const upper = high
      ? 'M8 76C10 56 6 36 8 18C18 14 30 14 38 18C40 32 46 44 62 52C80 58 96 62 96 78Z'
      : 'M6 76C8 60 6 50 6 38C12 34 18 36 22 42C30 46 36 40 40 34C46 46 56 52 68 54C86 58 97 62 97 78Z';
    const lace = (x: number, y: number): string => `M${numbers(x, y)}L${numbers(x - 9, y + 8)}`;
    const laces = high
      ? [lace(38, 25), lace(42, 35), lace(49, 44), lace(58, 51)]
      : [lace(46, 42), lace(54, 48), lace(63, 52)];
    return [
      brush.body(upper, [30, 60]),
      brush.part('toe') === 'cap'
        ? brush.solid('M74 78C73 66 78 60 86 60C93 63 96 68 96 78Z', cream)
        : '',
      brush.line(laces.join(''), 3.6, cream),
      high
        ? brush.line('M9 22Q22 28 37 20', 4.5, second)
        : brush.line('M7 42Q12 44 18 40', 4.5, second),
      brush.mark(high ? [24, 46] : [30, 60], 9.5),
      brush.flat(
        'M4 75H97C101 82 99 90 92 91H10C3 91 2 82 4 75Z',
        brush.part('sole') === 'white' ? cream : second,
      ),
      brush.line('M7 83H94', 2, palette.gray),
    ].join('');
  },
};

export const umbrella: WorldClass = {
  name: 'umbrella',
  type: 'object',
  colours: ['red', 'blue', 'yellow', 'purple', 'green', 'pink', 'black'],
  parts: { handle: ['brown', 'coloured'], edge: ['scalloped', 'straight'], hem: ['none', 'hem'] },
  places: {},
  draw: (brush) => {
    const { main, second } = brush;
    const handle = brush.part('handle') === 'brown' ? palette.brown : second;
    const top = 'M4 50C6 22 24 8 50 8C76 8 94 22 96 50';
    const edge =
      brush.part('edge') === 'scalloped' ? 'Q84 40 73 50Q62 40 50 50Q38 40 27 50Q16 40 4 50Z' : 'Z';
    const hem =
      brush.part('edge') === 'scalloped'
        ? brush.tube('M5 47Q16 39 27 48Q38 39 50 48Q62 39 73 48Q84 39 95 47', 3.6, second)
        : brush.flat(box(3, 45, 94, 8, 2), second, 2.4);
    return [
      brush.tube('M50 46V86C50 98 34 98 34 86', 4.2, handle),
      brush.line('M50 2V10', 5),
      brush.body(`${top}${edge}`, [50, 30]),
      brush.line('M50 8C36 18 28 32 27 48M50 8C64 18 72 32 73 48', 2, deep(main, 0.5)),
      brush.part('hem') === 'hem' ? hem : '',
      brush.mark([50, 29], 11),
    ].join('');
  },
};
