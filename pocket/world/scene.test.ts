import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { withSubject } from '../../src/base/subject-template.ts';
import { backgroundNamed } from './backgrounds/backgrounds.ts';
import { captionOf, sceneWords } from './captions.ts';
import { Chance } from './chance.ts';
import { classes } from './classes/classes.ts';
import { accessories } from './drawing/accessories.ts';
import { drawnScene, type Scene } from './scene.ts';
import { vocabulary } from './vocabulary.ts';
import { worldPrompts } from './world-prompts.ts';

const scenesOf = (seed: number, count: number): Scene[] => {
  const chance = new Chance(seed);
  return Array.from({ length: count }, () => drawnScene(chance));
};

test('equal seeds draw equal scenes, others others', () => {
  expect(scenesOf(11, 20)).toEqual(scenesOf(11, 20));
  expect(scenesOf(12, 1)).not.toEqual(scenesOf(11, 1));
});

test('what is told of a scene is so, and the rest is drawn', () => {
  const chance = new Chance(3);
  const told = {
    className: 'owl',
    background: 'beach',
    style: 'sepia',
    accessory: 'red-hat',
    colour: 'purple',
  } as const;
  const scene = drawnScene(chance, told);
  expect(scene).toMatchObject(told);
  expect(scene.look.main).toBe('purple');
  expect(scene.caption).toMatch(/^an old sepia photo of a purple owl wearing a red hat/);
  const again = drawnScene(chance, { className: 'owl', look: scene.look, colour: 'red' });
  expect(again.look).toEqual({ ...scene.look, main: 'red', shades: again.look.shades });
});

test('what does not exist, or has no place, is refused', () => {
  const chance = new Chance(1);
  expect(() => drawnScene(chance, { className: 'teapott' })).toThrow('no class "teapott"');
  expect(() => drawnScene(chance, { background: 'moon' })).toThrow('no background "moon"');
  expect(() => drawnScene(chance, { className: 'boat', accessory: 'scarf' })).toThrow('boat');
});

test('live ones can wear everything', () => {
  const live = classes.filter(({ type }) => type === 'live');
  const places = new Set(accessories.map(({ place }) => place));
  for (const one of live)
    expect(Object.keys(one.places)).toEqual(expect.arrayContaining([...places]));
});

describe('captions', () => {
  const scenes = scenesOf(5, 3000);

  test('have the right article before every word', () => {
    const wrong = scenes.filter(({ caption, sceneWords: alone }) =>
      [caption, alone].some((text) => /\ba [aeiou]|\ban [^aeiou]/.test(text)),
    );
    expect(wrong.map(({ caption }) => caption)).toEqual([]);
    expect(scenes.some(({ caption }) => /\ban (owl|octopus|orange|umbrella)\b/.test(caption))).toBe(
      true,
    );
  });

  test('have words of the vocabulary, single spaces, the class and the colour', () => {
    const known = new Set(vocabulary());
    for (const { caption, sceneWords: alone, className, colour } of scenes) {
      const words = [...caption.split(' '), ...alone.split(/,? /)].filter((word) => word !== '');
      expect(words.filter((word) => !known.has(word))).toEqual([]);
      expect(caption).toMatch(/^\S+( \S+)*$/);
      expect(caption).toContain(className);
      if (colour !== 'none') expect(caption).toContain(` ${colour} `);
    }
  });

  test('say all words of the vocabulary sooner or later', () => {
    const said = new Set(
      scenes.flatMap(({ caption, sceneWords: alone }) => `${caption} ${alone}`.split(/,? /)),
    );
    expect(vocabulary().filter((word) => !said.has(word))).toEqual([]);
  });

  test('fit 32 tokens where each word is one and identifiers take two more', () => {
    const longest = Math.max(...scenes.map(({ caption }) => caption.split(' ').length));
    // Begin, end, an identifier.
    expect(longest).toBeLessThanOrEqual(32 - 4);
  });
});

describe('prompts', () => {
  const all = [...worldPrompts.object, ...worldPrompts.live];

  test.each(all)('"$text" is a caption of training, word for word', ({ text, said, scene }) => {
    const { background } = said;
    const phrases = background === undefined ? [''] : backgroundNamed(background).phrases;
    const captions = phrases.flatMap((phrase) =>
      [false, true].map((isPhoto) => captionOf({ className: 'teapot' }, said, { phrase, isPhoto })),
    );
    expect(captions).toContain(withSubject(text, 'teapot'));
    expect(scene).toBe(sceneWords(said));
    expect(scene).not.toBe('');
  });

  test('those of the bundled model are among them', () => {
    const file = new URL('../../models/pocket/prompts.json', import.meta.url);
    const bundled = JSON.parse(readFileSync(file, 'utf8'));
    for (const type of ['object', 'live'] as const) {
      const texts = worldPrompts[type].map(({ text }) => text);
      expect(texts).toEqual(expect.arrayContaining(bundled[type]));
      expect(new Set(texts).size).toBe(texts.length);
    }
  });
});
