/** @file Sunflowers, a wheat field, autumn leaves. */
import { numbers, oval } from '../drawing/outlines.ts';
import { form, level, lines, repeated, varied } from '../drawing/scenery.ts';
import type { Background } from './background.ts';

export const sunflowers: Background = {
  name: 'sunflowers',
  phrases: ['in a sunflower field', 'on green grass with sunflowers around it'],
  words: 'sunflowers',
  footing: 'ground',
  draw: (chance) => {
    const flower = (x: number, y: number, r: number): string => {
      const petals = repeated(10, (i) => {
        const angle = (Math.PI * i) / 5;
        return oval(x + 0.72 * r * Math.cos(angle), y + 0.72 * r * Math.sin(angle), 0.36 * r);
      });
      return (
        lines(`M${numbers(x, y)}V101`, '#3d8a3f', 2.6) +
        form(petals + oval(x, y, 0.75 * r), '#fbc62e') +
        form(oval(x, y, 0.48 * r), '#6b4226')
      );
    };
    const near = (x: number, y: number): string =>
      flower(x + chance.between(-3, 3), y + chance.between(-4, 4), chance.between(9.5, 12));
    return {
      behind: [
        level(varied(chance, [140, 204, 244], 6)),
        level(varied(chance, [96, 172, 76], 6), 46),
        repeated(9, (i) =>
          form(oval(i * 12 + chance.between(0, 5), 47 + chance.between(-2, 2), 4), '#f3bf30'),
        ),
        near(26, 24) + near(74, 22) + near(8, 42) + near(92, 40) + near(6, 78) + near(94, 76),
      ].join(''),
    };
  },
};

export const wheat: Background = {
  name: 'wheat',
  phrases: ['with a wheat field in the background'],
  words: 'a wheat field',
  footing: 'ground',
  draw: (chance) => {
    const ear = (x: number, y: number): string => {
      const lean = chance.between(-3, 3);
      return (
        lines(`M${numbers(x, 101)}Q${numbers(x, y + 24, x + lean, y)}`, '#b98a2c', 2) +
        form(oval(x + lean, y - 3, 2.6, 7), '#f2c85a')
      );
    };
    const row = (y: number, count: number): string =>
      repeated(count, (i) =>
        ear(((i + chance.between(0.2, 0.8)) * 100) / count, y + chance.between(-5, 5)),
      );
    return {
      behind: [
        level(varied(chance, [146, 202, 240], 6)),
        form(oval(chance.between(20, 80), 12, 15, 5), '#fff'),
        level(varied(chance, [226, 182, 84], 6), 44),
        row(44, 12) + row(62, 11),
        level(varied(chance, [176, 134, 78], 6), 88),
      ].join(''),
    };
  },
};

export const autumn: Background = {
  name: 'autumn',
  phrases: ['with a tree and autumn leaves in the background'],
  words: 'a tree and autumn leaves',
  footing: 'ground',
  draw: (chance) => {
    const colours = ['#e2622c', '#f0a030', '#c8402c', '#f4c24a'];
    const side = chance.happens(0.5) ? 18 : 82;
    const puff = (dx: number, y: number, r: number): string =>
      form(oval(side + dx, y, r), chance.of(colours));
    const leaf = (): string => {
      const [x, y, turn] = [chance.between(2, 98), chance.between(4, 97), chance.between(0, 180)];
      return `<g transform="rotate(${numbers(turn, x, y)})">${form(oval(x, y, 3.4, 1.9), chance.of(colours))}</g>`;
    };
    return {
      behind: [
        level(varied(chance, [206, 224, 232], 6)),
        level(varied(chance, [190, 150, 84], 6), 66),
        lines(
          `M${numbers(side, 84)}V30M${numbers(side, 48)}L${numbers(side + 14, 30)}M${numbers(side, 54)}L${numbers(side - 14, 34)}`,
          '#6a4630',
          6,
        ),
        puff(-18, 28, 14) + puff(18, 26, 15) + puff(0, 12, 17) + puff(-8, 32, 10) + puff(10, 36, 9),
        repeated(26, leaf),
      ].join(''),
    };
  },
};
