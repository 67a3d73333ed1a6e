/** @file City, Eiffel Tower, a blue house, cobblestones and a brick wall. */
import { box, numbers, oval, polygon } from '../drawing/outlines.ts';
import { form, level, lines, repeated, varied } from '../drawing/scenery.ts';
import type { Background } from './background.ts';

export const city: Background = {
  name: 'city',
  phrases: ['with a city in the background', 'in the city'],
  words: 'a city',
  footing: 'ground',
  draw: (chance) => {
    const fronts = [
      [122, 118, 150],
      [156, 140, 160],
      [98, 108, 146],
      [178, 150, 150],
    ] as const;
    let left = chance.between(-8, 0);
    const houses: string[] = [];
    while (left < 100) {
      const [width, top] = [chance.between(15, 22), chance.between(4, 36)];
      const front = varied(chance, chance.of(fronts), 6);
      houses.push(form(box(left, top, width, 80), front));
      for (let y = top + 5; y < 70; y += 9) {
        for (let x = left + 3; x < left + width - 4; x += 6) {
          houses.push(form(box(x, y, 3.2, 4.6), chance.happens(0.6) ? '#ffe08a' : '#56597c'));
        }
      }
      left += width + 0.6;
    }
    return {
      behind: [
        level(varied(chance, [250, 206, 168], 6)),
        houses.join(''),
        level('#6d7080', 76) + level('#a9abb5', 76, 79),
        lines('M4 91H16M30 91H44M58 91H72M86 91H98', '#f7f1d8', 2.8),
      ].join(''),
    };
  },
};

export const brick: Background = {
  name: 'brick',
  phrases: ['in front of a brick wall'],
  words: 'a brick wall',
  footing: 'ground',
  draw: (chance) => {
    const tone = [188, 92, 72] as const;
    const shift = chance.between(0, 10);
    const bricks = repeated(9, (row) =>
      repeated(6, (i) => {
        const x = i * 20 - 10 - (row % 2) * 10 + shift;
        return form(box(x + 0.9, row * 10.4 + 0.9, 18.2, 8.6, 1), varied(chance, tone, 16));
      }),
    );
    return { behind: level('#e0c9b8') + bricks + level(varied(chance, [150, 146, 148], 6), 91) };
  },
};

export const eiffel: Background = {
  name: 'eiffel',
  phrases: ['with the Eiffel Tower in the background'],
  words: 'the Eiffel Tower',
  footing: 'ground',
  draw: (chance) => {
    const x = chance.happens(0.5) ? chance.between(16, 20) : chance.between(80, 84);
    const at = (dx: number, y: number): string => numbers(x + dx, y);
    const steel = '#7a5b4a';
    const leg = (side: 1 | -1): string =>
      `M${at(0, 2)}C${at(side * 3, 34)} ${at(side * 7, 54)} ${at(side * 19, 82)}L${at(side * 10, 82)}C${at(side * 5, 70)} ${at(side * 2, 66)} ${at(0, 66)}Z`;
    return {
      behind: [
        level(varied(chance, [246, 206, 200], 6)) + level(varied(chance, [250, 226, 190], 5), 40),
        form(oval(100 - x, 18, 11, 5) + oval(110 - x, 21, 8, 4), '#fff', 0.9),
        form('M-2 76Q20 68 40 74T80 72T102 74V101H-2Z', varied(chance, [112, 160, 100], 6)),
        lines(`M${at(0, 8)}V-2`, steel, 2.2),
        form(leg(1) + leg(-1), steel),
        form(box(x - 6.5, 34, 13, 3.6) + box(x - 10.5, 55, 21, 4.2), '#5a4236'),
        form(box(x - 1.6, 40, 3.2, 12), '#f6d8c4'),
        level(varied(chance, [214, 200, 176], 5), 84),
      ].join(''),
    };
  },
};

export const house: Background = {
  name: 'house',
  phrases: ['with a blue house in the background', 'with a blue house behind it'],
  words: 'a blue house',
  footing: 'ground',
  draw: (chance) => {
    const x = chance.between(-3, 6);
    const wall = varied(chance, [84, 140, 220], 7);
    const pane = (left: number, top: number): string =>
      form(box(left, top, 15, 17), '#fff') +
      form(box(left + 2, top + 2, 11, 13), '#fbe9a0') +
      lines(`M${numbers(left + 7.5, top + 2)}v13`, '#fff', 1.8);
    return {
      behind: [
        level(varied(chance, [196, 228, 246], 5)),
        form(oval(4, 60, 14, 16) + oval(98, 58, 13, 18), '#5c9e58'),
        form(box(x + 68, 3, 9, 22), '#a35b4a'),
        form(box(x + 6, 30, 84, 56), wall),
        lines(
          repeated(5, (i) => `M${numbers(x + 6, 40 + i * 9)}h84`),
          '#5c92d6',
          1.6,
        ),
        form(
          polygon([x - 2, 33], [x + 16, 6], [x + 80, 6], [x + 98, 33]),
          varied(chance, [58, 78, 140], 6),
        ),
        pane(x + 10, 42) + pane(x + 71, 42),
        form(box(x + 41, 54, 15, 32), '#fff') + form(box(x + 43, 56, 11, 30), '#c8564a'),
        level(varied(chance, [118, 184, 98], 6), 82),
      ].join(''),
    };
  },
};

export const cobblestone: Background = {
  name: 'cobblestone',
  phrases: ['on a cobblestone street'],
  words: 'a cobblestone street',
  footing: 'ground',
  draw: (chance) => {
    const stone = (row: number, i: number): string => {
      const [width, height] = [8 + row * 1.5, 6 + row * 1.1];
      const y = 46 + row * 7.2 + row * row * 0.5;
      const x = 50 + (i - 6 + (row % 2) / 2) * (width + 1.6);
      return x < -12 || x > 112
        ? ''
        : form(box(x - width / 2, y, width, height, 3), varied(chance, [150, 148, 156], 14));
    };
    const wall = (left: number, right: number, colour: readonly [number, number, number]): string =>
      form(polygon([left, -1], [right, -1], [right, 38], [left, 52]), varied(chance, colour, 6));
    return {
      behind: [
        level(varied(chance, [222, 232, 240], 5)),
        wall(-1, 22, [226, 176, 128]) + wall(101, 78, [202, 140, 122]),
        form(box(6, 10, 9, 15) + box(85, 10, 9, 15), '#6a5a60'),
        level('#77747f', 42),
        repeated(8, (row) => repeated(13, (i) => stone(row, i))),
      ].join(''),
    };
  },
};
