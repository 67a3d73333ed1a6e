/** @file Wooden floor, pink checkered fabric, a white rug, sand with stones. */
import { box, numbers, oval } from '../drawing/outlines.ts';
import { form, level, lines, repeated, varied } from '../drawing/scenery.ts';
import type { Background } from './background.ts';

export const wood: Background = {
  name: 'wood',
  phrases: ['on top of a wooden floor', 'on a wooden floor'],
  words: 'a wooden floor',
  footing: 'ground',
  draw: (chance) => {
    const board = (row: number): string => {
      const [y, joint] = [row * 12.6, chance.between(-8, 60)];
      const plank = (x: number): string =>
        form(box(x + 0.6, y + 0.6, 68, 11.6), varied(chance, [196, 142, 88], 12));
      const grain = `M${numbers(joint + 12, y + 5)}h16M${numbers(joint - 50, y + 8)}h20M${numbers(joint + 40, y + 8.5)}h14`;
      return (
        plank(joint - 138) +
        plank(joint - 69) +
        plank(joint) +
        plank(joint + 69) +
        lines(grain, '#a56f3f', 1.5)
      );
    };
    return { behind: level('#7c4f2a') + repeated(8, board) };
  },
};

export const fabric: Background = {
  name: 'fabric',
  phrases: ['on top of pink fabric', 'on pink checkered fabric'],
  words: 'pink checkered fabric',
  footing: 'ground',
  draw: (chance) => {
    const [period, x, y] = [17, chance.between(-17, 0), chance.between(-17, 0)];
    const pink = varied(chance, [238, 112, 160], 6);
    const columns = repeated(7, (i) => box(x + i * period, -1, period / 2, 102));
    const rows = repeated(7, (i) => box(-1, y + i * period, 102, period / 2));
    const turn = numbers(chance.between(-8, 8));
    return {
      behind: `${level('#fdebf2')}<g transform="rotate(${turn} 50 50) translate(-8 -8) scale(1.16)">${form(columns, pink, 0.55)}${form(rows, pink, 0.55)}</g>`,
    };
  },
};

export const rug: Background = {
  name: 'rug',
  phrases: ['on top of a white rug'],
  words: 'a white rug',
  footing: 'ground',
  draw: (chance) => {
    const floor = varied(chance, [150, 104, 70], 7);
    const [x, y] = [chance.between(48, 52), chance.between(78, 81)];
    const fringe = repeated(26, (i) => {
      const angle = (2 * Math.PI * i) / 26;
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      return `M${numbers(x + 46 * c, y + 17 * s)}L${numbers(x + 51 * c, y + 20.5 * s)}`;
    });
    return {
      behind: [
        level(varied(chance, [196, 206, 202], 6)) + level('#fff', 44, 49) + level(floor, 49),
        lines('M-2 60H102M-2 74H102M-2 90H102', '#7c5236', 1.6),
        lines(fringe, '#fff', 2.8),
        form(oval(x, y, 47, 18), '#fbfaf6') + lines(oval(x, y, 38, 13), '#d4d0c8', 2),
      ].join(''),
    };
  },
};

export const stones: Background = {
  name: 'stones',
  phrases: ['on sand with stones nearby'],
  words: 'sand with stones',
  footing: 'ground',
  draw: (chance) => {
    const stone = (x: number, y: number, r: number): string =>
      form(oval(x, y + 0.55 * r, 1.15 * r, 0.4 * r), '#b08a58', 0.6) +
      form(oval(x, y, r, 0.72 * r), varied(chance, [128, 130, 142], 16)) +
      form(oval(x - 0.25 * r, y - 0.25 * r, 0.45 * r, 0.22 * r), '#fff', 0.45);
    const near = (x: number, y: number): string =>
      stone(x + chance.between(-3, 3), y + chance.between(-3, 3), chance.between(6, 10));
    const ripple = (y: number): string => `M-2 ${numbers(y)}q13 -4 26 0t26 0t26 0t26 0`;
    return {
      behind: [
        level(varied(chance, [236, 204, 142], 6)),
        lines(
          [12, 28, 44, 60, 76, 92].map((y) => ripple(y + chance.between(-2, 2))).join(''),
          '#d6ae70',
          2.2,
        ),
        near(10, 14) +
          near(90, 20) +
          near(6, 52) +
          near(94, 56) +
          near(12, 86) +
          near(90, 90) +
          near(30, 6) +
          near(72, 8),
      ].join(''),
    };
  },
};
