import { describe, expect, test } from 'vitest';
import type { PictureScores } from './score-subject.ts';
import { summarize } from './summary.ts';

const picture = (subject: string, prompt: string, clipI: number): PictureScores => ({
  subject,
  prompt,
  file: `${clipI}.png`,
  clipI,
  dino: clipI / 2,
  clipT: 0.3,
  clipTTyped: 0.2,
  clipTScene: undefined,
  nearestClip: 0.9,
  nearestDino: 0.8,
  ...{ contrast: 0.2, saturation: 0.5, hueDistance: undefined },
  ...{ colourDistance: 10, highFrequency: 0.1 },
});

const prompt = (subject: string, words: string, diversity?: number) => ({
  subject,
  prompt: words,
  diversityClip: diversity,
  diversityDino: diversity,
});

const cat = [picture('cat', 'in', 0.4), picture('cat', 'in', 0.6), picture('cat', 'on', 0.9)];
const dog = [picture('dog', 'in', 0.2), picture('dog', 'on', 0.4)];

describe('a summary', () => {
  const rows = {
    pictures: [...cat, ...dog],
    prompts: [
      prompt('cat', 'in', 0.5),
      prompt('cat', 'on'),
      prompt('dog', 'in'),
      prompt('dog', 'on'),
    ],
  };
  const { overall, subjects, prompts } = summarize(rows);

  test('counts pictures alike within a prompt, prompts within a subject, subjects within the whole', () => {
    expect(prompts.map(({ clipI }) => clipI)).toEqual([0.5, 0.9, 0.2, 0.4]);
    expect(subjects.map(({ clipI }) => clipI)).toEqual([
      expect.closeTo(0.7, 12),
      expect.closeTo(0.3, 12),
    ]);
    expect(overall.clipI?.mean).toBeCloseTo(0.5, 12);
    expect(overall.dino?.mean).toBeCloseTo(0.25, 12);
  });

  test('has the standard deviation of the subjects, and an interval of them', () => {
    // Of 0.7 and 0.3: sqrt(2 · 0.2²).
    expect(overall.clipI?.deviation).toBeCloseTo(Math.sqrt(0.08), 12);
    // Two means say little: t is 12.7062 with one degree of freedom.
    expect(overall.clipI?.interval).toEqual({
      low: expect.closeTo(0.5 - 12.7062 * 0.2, 4),
      high: expect.closeTo(0.5 + 12.7062 * 0.2, 4),
    });
  });

  test('takes diversity from the prompts that have any', () => {
    expect(overall.diversityClip?.mean).toBe(0.5);
    expect(overall.diversityClip?.interval).toBeUndefined();
    expect(prompts.map((row) => 'diversityClip' in row)).toEqual([true, false, false, false]);
  });

  test('of one subject has the interval over its prompts, and no deviation', () => {
    const one = summarize({ pictures: cat, prompts: rows.prompts.slice(0, 2) }).overall.clipI;
    expect(one?.deviation).toBeUndefined();
    expect(one?.interval?.low).toBeCloseTo(0.7 - 12.7062 * 0.2, 4);
  });
});
