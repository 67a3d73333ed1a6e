/** @file Beach, grass, snow, mountain, water and jungle. */
import { numbers, oval, type Point, polygon } from '../drawing/outlines.ts';
import { form, level, lines, repeated, varied } from '../drawing/scenery.ts';
import type { Background } from './background.ts';

const sky = [150, 206, 242] as const;
const cloud = (x: number, y: number, r: number): string =>
  form(
    oval(x, y, 1.5 * r, 0.8 * r) +
      oval(x - r, y + 0.3 * r, r, 0.6 * r) +
      oval(x + r, y + 0.3 * r, r, 0.6 * r),
    '#fff',
  );

export const beach: Background = {
  name: 'beach',
  phrases: ['on the beach'],
  words: 'a beach',
  footing: 'ground',
  draw: (chance) => {
    const shore = chance.between(58, 64);
    const sea = chance.between(34, 40);
    const sun = chance.happens(0.5) ? 16 : 84;
    const wave = (dy: number): string =>
      `M-2 ${numbers(shore + dy)}Q12 ${numbers(shore + dy - 5)} 26 ${numbers(shore + dy)}T54 ${numbers(shore + dy)}T82 ${numbers(shore + dy)}T110 ${numbers(shore + dy)}`;
    return {
      behind: [
        level(varied(chance, sky)),
        form(oval(sun, 15, 9), '#ffe27a'),
        cloud(100 - sun + chance.between(-4, 4), chance.between(12, 20), 8),
        level(varied(chance, [46, 142, 206], 6), sea, 100),
        lines(
          `M4 ${numbers(sea + 9)}H22M70 ${numbers(sea + 7)}H92M${numbers(chance.between(30, 50), sea + 13)}h14`,
          '#8fd0ee',
          2.4,
        ),
        form(`${wave(0)}V101H-2Z`, varied(chance, [246, 220, 160], 6)),
        lines(wave(0), '#fff', 4.5),
        repeated(9, () =>
          form(oval(chance.between(2, 98), chance.between(shore + 10, 97), 1.6, 1.1), '#d9b878'),
        ),
      ].join(''),
    };
  },
};

export const grass: Background = {
  name: 'grass',
  phrases: ['on green grass'],
  words: 'green grass',
  footing: 'ground',
  draw: (chance) => {
    const blade = (): string => {
      const [x, y] = [chance.between(1, 99), chance.between(58, 98)];
      return `M${numbers(x - 3, y - 5)}L${numbers(x, y)}L${numbers(x + 3, y - 5)}`;
    };
    const hill = chance.between(42, 52);
    const flower = (): string => {
      const [x, y] = [
        chance.of([chance.between(4, 18), chance.between(82, 96)]),
        chance.between(70, 94),
      ];
      return (
        form(oval(x, y, 2.8), chance.of(['#fff', '#ffe27a'])) + form(oval(x, y, 1.2), '#f0a030')
      );
    };
    return {
      behind: [
        level(varied(chance, sky)),
        cloud(chance.between(12, 30), chance.between(10, 18), 7),
        cloud(chance.between(70, 88), chance.between(14, 24), 6),
        form(
          `M-2 ${numbers(hill + 4)}Q26 ${numbers(hill - 8)} 56 ${numbers(hill + 4)}T102 ${numbers(hill)}V101H-2Z`,
          varied(chance, [122, 196, 92], 7),
        ),
        form(
          `M-2 ${numbers(hill + 14)}Q40 ${numbers(hill + 6)} 102 ${numbers(hill + 14)}V101H-2Z`,
          varied(chance, [92, 174, 74], 6),
        ),
        lines(repeated(16, blade), '#4c8f3e', 2.2),
        repeated(5, flower),
      ].join(''),
    };
  },
};

export const snow: Background = {
  name: 'snow',
  phrases: ['in the snow'],
  words: 'snow',
  footing: 'ground',
  draw: (chance) => {
    const fir = (x: number, y: number, size: number): string =>
      [0, 0.3, 0.6]
        .map((step) => {
          const [half, top] = [size * (0.24 + 0.3 * step), y - size + size * step];
          return form(
            polygon([x, top], [x + half, top + 0.46 * size], [x - half, top + 0.46 * size]),
            '#4f8579',
          );
        })
        .join('') +
      form(
        polygon(
          [x, y - size],
          [x + size * 0.15, y - 0.72 * size],
          [x - size * 0.15, y - 0.72 * size],
        ),
        '#fff',
      );
    const flake = (): string =>
      form(oval(chance.between(0, 100), chance.between(0, 96), chance.between(1.3, 2.3)), '#fff');
    const ground = chance.between(56, 62);
    return {
      behind:
        [
          level(varied(chance, [168, 192, 224], 7)),
          form(
            `M-2 ${numbers(ground - 8)}Q30 ${numbers(ground - 16)} 60 ${numbers(ground - 7)}T102 ${numbers(ground - 10)}V101H-2Z`,
            '#d3e0f1',
          ),
          fir(chance.between(6, 16), ground + 2, chance.between(34, 44)) +
            fir(chance.between(84, 95), ground + 3, chance.between(30, 42)),
          form(
            `M-2 ${numbers(ground)}Q36 ${numbers(ground - 8)} 102 ${numbers(ground + 2)}V101H-2Z`,
            '#f6f9fe',
          ),
          lines(`M6 82Q16 78 26 82M70 88Q82 84 94 88`, '#ccdcee', 2.6),
        ].join('') + repeated(22, flake),
      before: repeated(5, flake),
    };
  },
};

export const mountain: Background = {
  name: 'mountain',
  phrases: ['with a mountain in the background'],
  words: 'a mountain',
  footing: 'ground',
  draw: (chance) => {
    const peak = (
      x: number,
      top: number,
      half: number,
      colour: readonly [number, number, number],
    ): string => {
      const base = 70;
      const at = (share: number, side: number): Point => [
        x + side * half * share,
        top + (base - top) * share,
      ];
      const ridge: Point = [x + half * 0.12, top + (base - top) * 0.42];
      return (
        form(polygon([x, top], at(1, 1), at(1, -1)), varied(chance, colour, 6)) +
        form(polygon([x, top], at(1, 1), [x + half * 0.1, base]), '#3b4a68', 0.28) +
        form(
          polygon(
            [x, top],
            at(0.4, 1),
            ridge,
            [x, top + (base - top) * 0.3],
            [x - half * 0.14, top + (base - top) * 0.44],
            at(0.34, -1),
          ),
          '#fff',
        )
      );
    };
    return {
      behind: [
        level(varied(chance, [178, 214, 238], 6)),
        peak(
          chance.between(10, 20),
          chance.between(6, 12),
          chance.between(36, 42),
          [122, 134, 164],
        ),
        peak(
          chance.between(80, 90),
          chance.between(2, 10),
          chance.between(38, 46),
          [106, 120, 154],
        ),
        form(`M-2 68Q24 60 52 68T102 66V101H-2Z`, varied(chance, [104, 166, 98], 6)),
        form(`M-2 82Q50 74 102 82V101H-2Z`, varied(chance, [128, 186, 104], 6)),
      ].join(''),
    };
  },
};

export const water: Background = {
  name: 'water',
  phrases: ['floating on top of water', 'floating on water'],
  words: 'water',
  footing: 'surface',
  draw: (chance) => {
    const crest = (y: number, x: number): string => `M${numbers(x, y)}q4 -4.5 8 0t8 0`;
    const far = repeated(15, (i) =>
      crest(30 + Math.floor(i / 3) * 12, -8 + (i % 3) * 38 + chance.between(0, 20)),
    );
    const [start, y] = [chance.between(-22, -2), chance.between(86, 89)];
    const swell = `M${numbers(start, y)}${'q5.5 -7 11 0t11 0'.repeat(6)}`;
    const sea = varied(chance, [54, 138, 210], 8);
    return {
      behind:
        level(varied(chance, [186, 224, 246], 6), 0, 30) +
        level(sea, 22) +
        lines(far, '#a6dbf5', 2.6),
      before: form(`${swell}V102H-30Z`, sea) + lines(swell, '#e6f7ff', 3.2),
    };
  },
};

export const jungle: Background = {
  name: 'jungle',
  phrases: ['in the jungle'],
  words: 'a jungle',
  footing: 'ground',
  draw: (chance) => {
    const leaf = (x: number, y: number, angle: number, size: number, colour: string): string => {
      const turn = `rotate(${numbers(angle)} ${numbers(x)} ${numbers(y)})`;
      const shape = `M${numbers(x, y)}C${numbers(x + 0.5 * size, y - 0.6 * size, x + 0.4 * size, y - 1.5 * size, x, y - 2 * size)}C${numbers(x - 0.4 * size, y - 1.5 * size, x - 0.5 * size, y - 0.6 * size, x, y)}Z`;
      return `<g transform="${turn}">${form(shape, colour)}${lines(`M${numbers(x, y)}V${numbers(y - 1.6 * size)}`, '#1d4a2c', 1.6)}</g>`;
    };
    const greens = ['#3f9a4c', '#57b357', '#2c7c48', '#79c45c'];
    const fan = (x: number, y: number, toward: number): string =>
      repeated(5, (i) =>
        leaf(
          x,
          y,
          toward - 62 + i * 31 + chance.between(-6, 6),
          chance.between(12, 17),
          chance.of(greens),
        ),
      );
    return {
      behind: [
        level(varied(chance, [30, 84, 54], 7)),
        form(oval(50, 44, 40, 46), '#3c7d4a', 0.7),
        lines(
          `M${numbers(chance.between(8, 18), -2)}Q14 40 10 102M${numbers(chance.between(82, 92), -2)}Q86 40 92 102`,
          '#5b4330',
          6,
        ),
        level(varied(chance, [88, 74, 46], 6), 88),
        fan(-2, 8, 130) + fan(102, 8, 230) + fan(50, -8, 180),
        fan(-2, 96, 50) + fan(102, 96, 310),
      ].join(''),
    };
  },
};

export const night: Background = {
  name: 'night',
  phrases: ['under a starry night sky'],
  words: 'a starry night sky',
  footing: 'air',
  draw: (chance) => {
    const star = (): string => {
      const [x, y, r] = [chance.between(2, 98), chance.between(2, 86), chance.between(1.8, 3.4)];
      const q = 0.28 * r;
      return form(
        `M${numbers(x, y - r)}L${numbers(x + q, y - q)}L${numbers(x + r, y)}L${numbers(x + q, y + q)}L${numbers(x, y + r)}L${numbers(x - q, y + q)}L${numbers(x - r, y)}L${numbers(x - q, y - q)}Z`,
        '#fff3b8',
      );
    };
    const dot = (): string =>
      form(oval(chance.between(0, 100), chance.between(0, 90), 0.9), '#cdd6ff');
    const moon = chance.happens(0.5) ? 14 : 86;
    const deepSky = varied(chance, [26, 34, 88], 5);
    return {
      behind: [
        level(deepSky) + form(oval(50, 100, 90, 46), '#39408f', 0.55),
        repeated(20, dot) + repeated(22, star),
        form(oval(moon, 15, 9), '#fff0b0') + form(oval(moon + 4, 12.5, 7.5), deepSky),
        form('M-2 93Q20 86 46 92T102 90V101H-2Z', '#141838'),
      ].join(''),
    };
  },
};
