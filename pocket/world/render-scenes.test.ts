import { describe, expect, test } from 'vitest';
import { backgrounds } from './backgrounds/backgrounds.ts';
import { Chance } from './chance.ts';
import { classes } from './classes/classes.ts';
import type { WorldClass } from './classes/world-class.ts';
import { accessories } from './drawing/accessories.ts';
import { drawnLook, type Look, marks, patterns } from './looks/look.ts';
import { renderScenes } from './render-scenes.ts';
import { drawnScene, type Scene, type SceneOptions } from './scene.ts';
import { styles } from './styles/styles.ts';

const size = 64;
const bare = { style: 'none', accessory: 'none', background: 'plain-white' } as const;

/** Pixels of which a channel differs by more than an eighth of its range. */
function changed(a: Uint8Array = new Uint8Array(), b: Uint8Array = new Uint8Array()): number {
  let count = 0;
  for (let i = 0; i < a.length; i += 3) {
    const isOther = [0, 1, 2].some((c) => Math.abs((a[i + c] ?? 0) - (b[i + c] ?? 0)) > 32);
    if (isOther) count++;
  }
  return count;
}

/** The same seed for all, so that nothing differs but what is told. */
const scene = (options: SceneOptions): Scene => drawnScene(new Chance(9), { ...bare, ...options });

test('a scene has the same bytes alone and among others, and at another size its own', async () => {
  const chance = new Chance(4);
  const scenes = [
    ...styles.map(({ name }) => drawnScene(chance, { style: name })),
    ...Array.from({ length: 40 }, () => drawnScene(chance)),
  ];
  const together = await renderScenes(scenes);
  expect(together).toHaveLength(scenes.length);
  const alone = await Promise.all(
    [0, 3, 5, 20, 41].map((i) => renderScenes(scenes.slice(i, i + 1))),
  );
  expect(alone.flat()).toEqual([0, 3, 5, 20, 41].map((i) => together[i]));
  const [larger] = await renderScenes(scenes.slice(0, 1), 96);
  expect(larger).toHaveLength(96 * 96 * 3);
  expect(await renderScenes([])).toEqual([]);
});

/** A look of a class, and with each other variant of each of its parts. */
function variants(one: WorldClass): readonly (readonly [Look, Look])[] {
  const look = { ...drawnLook(new Chance(2), one), pattern: 'plain', mark: 'none' } as const;
  return Object.entries(one.parts).flatMap(([part, kinds]) =>
    kinds.slice(1).map((kind, i) => {
      const before = { ...look, parts: { ...look.parts, [part]: kinds[i] ?? '' } };
      return [before, { ...look, parts: { ...look.parts, [part]: kind } }] as const;
    }),
  );
}

describe.each(classes)('$name', (one) => {
  const options = { className: one.name };

  test('every variant of every part is seen at 64 pixels', async () => {
    const pairs = variants(one);
    const pictures = await renderScenes(
      pairs.flat().map((look) => scene({ ...options, look })),
      size,
    );
    const seen = pairs.map(
      ([, { parts }], i) => [changed(pictures[2 * i], pictures[2 * i + 1]), parts] as const,
    );
    expect(seen.filter(([pixels]) => pixels < 5)).toEqual([]);
  });

  test('every pattern and every mark is seen at 64 pixels', async () => {
    const plain: Look = {
      ...drawnLook(new Chance(2), one, 'yellow'),
      ...{ second: 'blue', pattern: 'plain', mark: 'none' },
      shades: { main: [250, 208, 60], second: [58, 116, 222] },
    };
    const looks: Look[] = [
      plain,
      ...patterns.slice(1).map((pattern) => ({ ...plain, pattern })),
      ...marks.slice(1).map((mark) => ({ ...plain, mark })),
    ];
    const [base, ...others] = await renderScenes(
      looks.map((look) => scene({ ...options, look })),
      size,
    );
    const seen = others.map(
      (picture, i) => [changed(base, picture), looks[i + 1]?.pattern, looks[i + 1]?.mark] as const,
    );
    expect(seen.filter(([pixels]) => pixels < 12)).toEqual([]);
  });
});

test('every background, style and accessory changes much of a picture', async () => {
  const scenes = [
    scene({ className: 'cat' }),
    ...backgrounds.slice(0, 5).map(({ name }) => scene({ className: 'cat', background: name })),
    ...backgrounds.slice(6).map(({ name }) => scene({ className: 'cat', background: name })),
    ...styles.map(({ name }) => scene({ className: 'cat', style: name })),
    ...accessories.map(({ name }) => scene({ className: 'cat', accessory: name })),
  ];
  const [base, ...others] = await renderScenes(scenes, size);
  const small = others.map((picture) => changed(base, picture)).filter((pixels) => pixels < 100);
  expect(small).toEqual([]);
});
